/** Where the page is: a panel, perhaps one item of it, and the chosen filters. All of it is in the address. */
export interface Route {
  /** First part of the path; `''` is the overview. */
  readonly place: string;
  readonly item: string | null;
  readonly params: ReadonlyMap<string, string>;
}

/** Reads an address. Parts that cannot be decoded are taken as they are. */
export function parseRoute(pathname: string, search: string): Route {
  const [place = '', ...rest] = pathname.split('/').slice(1);
  const item = rest.filter((part) => part !== '').join('/');
  return {
    place: decode(place),
    item: item === '' ? null : decode(item),
    params: new Map(new URLSearchParams(search)),
  };
}

/** Writes an address; empty parameters are left out. */
export function formatRoute({ place, item = null, params = new Map() }: Partial<Route>): string {
  const path = `/${[place ?? '', ...(item === null ? [] : [item])].map(encodeURIComponent).join('/')}`;
  const query = new URLSearchParams([...params].filter(([, value]) => value !== '')).toString();
  return query === '' ? path : `${path}?${query}`;
}

/** The same place with one parameter changed; an empty value removes it. */
export function withParam(route: Route, name: string, value: string): Route {
  const params = new Map(route.params);
  if (value === '') params.delete(name);
  else params.set(name, value);
  return { ...route, params };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
