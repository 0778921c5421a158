// RFC 9112, 3.2.2: a server must take a whole URL for a target, too.
const origin = /^https?:\/\/[^/?#]*/i;

/** The path of a request target without its query and trailing slashes. */
export function pathOf(url: string): string {
  const target = url.startsWith('/') ? url : url.replace(origin, '');
  const path = target.split('?', 1)[0] ?? '';
  let end = path.length;
  while (end > 1 && path[end - 1] === '/') end -= 1;
  return path.slice(0, end);
}

/** The query of a request target. */
export function queryOf(url: string): URLSearchParams {
  const mark = url.indexOf('?');
  return new URLSearchParams(mark === -1 ? '' : url.slice(mark + 1));
}
