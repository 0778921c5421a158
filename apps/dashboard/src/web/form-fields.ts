/** What a form says in one of its text fields, trimmed; `undefined` when it says nothing. */
export function readField(fields: FormData, name: string): string | undefined {
  const value = fields.get(name);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}
