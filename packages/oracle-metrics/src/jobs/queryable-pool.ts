/** What is used of `pg.Pool`: one method, so that any pool or client will do. */
export interface QueryablePool {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
}
