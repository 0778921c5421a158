/** What `/metrics` can answer with. */
export type MetricsFormat = 'json' | 'prometheus' | 'openmetrics' | 'protobuf';

interface Accepted {
  readonly type: string;
  readonly quality: number;
  readonly version: string | undefined;
  readonly proto: string | undefined;
  readonly encoding: string | undefined;
}

const METRIC_FAMILY = 'io.prometheus.client.metricfamily';

/**
 * Who asks for an exposition gets it (a Prometheus that wants native histograms asks for protobuf); everyone else (curl,
 * a browser, fetch) gets JSON. A header longer than 1,000 characters is read to there.
 */
export function negotiate(accept: string | undefined): MetricsFormat {
  const wanted = parseAccept((accept ?? '').slice(0, 1000)).sort((a, b) => b.quality - a.quality);
  for (const { type, version, proto, encoding } of wanted) {
    if (type === 'application/vnd.google.protobuf' && proto === METRIC_FAMILY && encoding === 'delimited')
      return 'protobuf';
    if (type === 'application/openmetrics-text' && (version === undefined || version === '1.0.0')) return 'openmetrics';
    if (type === 'text/plain' || type === 'text/*') return 'prometheus';
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
      return {
        type,
        quality: Number.isFinite(quality) ? quality : 0,
        version: read('version'),
        proto: read('proto'),
        encoding: read('encoding'),
      };
    })
    .filter(({ type, quality }) => type !== '' && quality > 0);
}
