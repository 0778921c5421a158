import type { TLSSocket } from 'node:tls';

import { type Check, type CheckOutcome, defineCheck, expectRange } from '../check.js';
import { openTls } from '../connection/socket.js';
import { checkSettings, contextFor, expectEndpoint, type NetworkSettings } from './settings.js';

/** Settings of {@link tlsCertificateCheck}. */
export interface TlsCertificateCheckOptions extends NetworkSettings {
  readonly host: string;
  /** Default 443. */
  readonly port?: number;
  /** Name the certificate must be for. Default: the host. */
  readonly servername?: string;
  /** Days left under which it is a `warning`. Default 21: three weeks before the end a renewal has failed for days. */
  readonly warnDays?: number;
  /** Days left under which it is an `error`. Default 3. */
  readonly errorDays?: number;
}

const dayMs = 86_400_000;

/** Days left of a server's certificate, and whether it is valid at all. Called `certificate`; optional; hourly. */
export function tlsCertificateCheck(options: TlsCertificateCheckOptions): Check {
  const { host, port = 443, servername, warnDays = 21, errorDays = 3 } = options;
  expectEndpoint('tlsCertificateCheck', { host, port });
  expectRange('tlsCertificateCheck', 'warnDays', warnDays, errorDays, 3_650);
  // Looked at even if it does not verify: how many days are left is the question.
  const tls = { ...options.tls, ...(servername ? { servername } : {}), rejectUnauthorized: false };
  const contextOf = contextFor({ ...options, tls });
  return defineCheck({
    ...checkSettings(options, { name: 'certificate', critical: false, intervalMs: 3_600_000 }),
    async run(signal) {
      const socket = await openTls({ host, port }, contextOf(signal));
      try {
        return judge(socket, warnDays, errorDays);
      } finally {
        socket.destroy();
      }
    },
  });
}

function judge(socket: TLSSocket, warnDays: number, errorDays: number): CheckOutcome {
  const certificate = socket.getPeerCertificate();
  const endsAt = Date.parse(certificate.valid_to ?? '');
  if (Number.isNaN(endsAt)) return { status: 'error', error: 'MALFORMED', detail: 'The server sent no certificate' };
  const value = Math.round(((endsAt - Date.now()) / dayMs) * 10) / 10;
  const measured = { value, unit: 'days' };
  if (value <= 0) return { status: 'error', error: 'EXPIRED', detail: `Expired ${-value} days ago`, ...measured };
  if (!socket.authorized) {
    return { status: 'error', error: 'TLS', detail: `Not valid: ${String(socket.authorizationError)}`, ...measured };
  }
  const detail = `Ends in ${value} days`;
  if (value < errorDays) return { status: 'error', error: 'THRESHOLD', detail, ...measured };
  if (value < warnDays) return { status: 'warning', error: 'THRESHOLD', detail, ...measured };
  return { status: 'ok', ...measured };
}
