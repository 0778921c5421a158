import type { IncomingMessage } from 'node:http';

/** What Express adds to a request once a route has matched. */
interface RoutedRequest {
  readonly baseUrl?: unknown;
  readonly route?: { readonly path?: unknown };
}

/** No route: one name for all of them, whatever paths a scanner tries. */
const UNMATCHED = 'unmatched';

/** A mounted router keeps the raw path of its mount; what looks like somebody's id becomes `:id`. */
const ID_SEGMENT = /\/(?:\d+|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{16,}|[^/]*%[^/]*|[^/]{41,})(?=\/|$)/gi;

/** The template of the route that answered (`/api/reading/:id`), never the raw path. */
export function routeOf(req: IncomingMessage): string {
  const { baseUrl, route } = req as RoutedRequest;
  if (route?.path === undefined) return UNMATCHED;
  const mount = typeof baseUrl === 'string' ? baseUrl.replace(ID_SEGMENT, '/:id') : '';
  const path = pathText(route.path);
  // `/` below a mount is the mount itself.
  return mount !== '' && path === '/' ? mount : `${mount}${path}`;
}

function pathText(path: unknown): string {
  if (typeof path === 'string') return path;
  if (path instanceof RegExp) return path.source;
  return Array.isArray(path) ? path.map(pathText).join('|') : UNMATCHED;
}
