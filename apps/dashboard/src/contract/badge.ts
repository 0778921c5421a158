/** The endpoint schema of shields.io: https://shields.io/badges/endpoint-badge */
export interface BadgeReply {
  readonly schemaVersion: 1;
  readonly label: string;
  readonly message: string;
  readonly color: string;
}
