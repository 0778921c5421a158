const KNOWN = new Set([
  'select',
  'insert',
  'update',
  'delete',
  'begin',
  'commit',
  'rollback',
  'copy',
  'create',
  'alter',
  'drop',
  'call',
]);

/** The kind of statement, from its first word; `other` for what is not in a short list, so that a label stays a label. */
export function queryTypeOf(sql: unknown): string {
  if (typeof sql !== 'string') return 'other';
  const start = sql.slice(0, 2000).replace(/^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/, '');
  const word = /^[a-z]+/i.exec(start)?.[0].toLowerCase() ?? 'other';
  if (word === 'with') return 'select';
  return KNOWN.has(word) ? word : 'other';
}
