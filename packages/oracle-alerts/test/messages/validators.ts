/** What channels refuse, as strictly as their documentation says. */

// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
const HALF = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** Why a plain text is not acceptable; null when it is. */
export function textFault(text: string, maxUnits: number): string | null {
  if (text.length > maxUnits) return `${text.length} units, at most ${maxUnits}`;
  if (CONTROL.test(text)) return 'control or bidi character';
  return HALF.test(text) ? 'half a character' : null;
}

/** Telegram's HTML: known tags closed in order, legal entities, no code within bold, 4,096 units after parsing, 100 entities. */
export function telegramFault(html: string): string | null {
  const open: string[] = [];
  let entities = 0;
  let broken: string | null = null;
  const text = html.replace(
    /<(\/?)([a-z]+)>|<|&(lt|gt|amp|quot);|&/g,
    (whole, slash: string, tag: string, entity: string) => {
      if (entity) return { lt: '<', gt: '>', amp: '&', quot: '"' }[entity] ?? '';
      if (tag === undefined || !['b', 'code'].includes(tag)) broken = `illegal ${whole}`;
      else if (slash === '/') broken = open.pop() === tag ? broken : `closed ${tag} out of order`;
      else {
        open.push(tag);
        entities += 1;
        if (open.length > 1) broken = 'nested';
      }
      return '';
    },
  );
  if (broken !== null || open.length > 0) return broken ?? 'not closed';
  if (entities > 100) return `${entities} entities`;
  return textFault(text, 4096);
}
