/** What `/metrics` can answer with. */
export type MetricsFormat = 'json' | 'prometheus' | 'openmetrics';

interface Accepted {
  readonly type: string;
  readonly quality: number;
  readonly version: string | undefined;
}

/**
 * Who asks for a text exposition gets it; everyone else (curl, a browser, fetch) gets JSON. A header longer than
 * 1,000 characters is read to there.
 */
export function negotiate(accept: string | undefined): MetricsFormat {
  const wanted = parseAccept((accept ?? '').slice(0, 1000)).sort((a, b) => b.quality - a.quality);
  for (const { type, version } of wanted) {
    if (type === 'application/openmetrics-text' && (version === undefined || version === '1.0.0')) return 'openmetrics';
    if (type === 'text/plain') return 'prometheus';
    if (type === 'application/json' || type === '*/*' || type === 'application/*') return 'json';
  }
  return 'json';
}

function parseAccept(accept: string): Accepted[] {
  return accept
    .split(',')
    .map((part) => {
      const [type = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
      const read = (name: string): string | undefined =>
        parameters.find((parameter) => parameter.startsWith(`${name}=`))?.slice(name.length + 1);
      const quality = Number(read('q') ?? '1');
      return { type, quality: Number.isFinite(quality) ? quality : 0, version: read('version') };
    })
    .filter(({ type, quality }) => type !== '' && quality > 0);
}
