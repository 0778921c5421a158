/** Longer headers are read to here: nobody's list of types needs more. */
const maxLength = 1_000;

/** The media types of an `Accept` header that are wanted at all, the dearest first, without parameters. RFC 9110, 12.5.1. */
export function acceptedTypes(accept: string): string[] {
  return accept
    .slice(0, maxLength)
    .toLowerCase()
    .split(',')
    .map((part) => {
      const [type = '', ...parameters] = part.split(';').map((text) => text.trim());
      const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
      return { type, quality: Number(quality) || 0 };
    })
    .filter(({ type, quality }) => type !== '' && quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ type }) => type);
}

/** Whether one of `types` is preferred to JSON, which is also what wildcards mean here. */
export function prefers(accept: string, types: readonly string[]): boolean {
  const isJson = (type: string) => /^(?:application\/(?:json|\*)|\*\/\*)$/.test(type);
  const first = acceptedTypes(accept).find((type) => types.includes(type) || isJson(type));
  return first !== undefined && types.includes(first);
}
