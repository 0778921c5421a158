import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parser } from '@prometheus-io/lezer-promql';
import { readText, readYaml } from './repository.js';
import { type Stack, startStack } from './stack.js';

interface Query {
  readonly where: string;
  readonly expression: string;
}

interface Rules {
  readonly groups: readonly { readonly rules: readonly { readonly record?: string; readonly alert?: string; readonly expr: string }[] }[];
}

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

interface GrafanaDashboard {
  readonly uid: string;
  readonly panels: readonly Panel[];
  readonly annotations: { readonly list: readonly { readonly expr: string }[] };
}

const dashboard = JSON.parse(readText('infrastructure/grafana/dashboards/nps-oracle.json')) as GrafanaDashboard;
const rules = ['recording', 'alerts'].flatMap((file) =>
  readYaml<Rules>(`infrastructure/prometheus/rules/${file}.yml`).groups.flatMap((group) => group.rules),
);
const QUERIES: readonly Query[] = [
  ...dashboard.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ where: title, expression: expr }))),
  ...dashboard.annotations.list.map(({ expr }) => ({ where: 'annotation', expression: expr })),
  ...rules.map(({ record, alert, expr }) => ({ where: record ?? alert ?? '', expression: expr })),
];

/** What Prometheus itself makes. */
const PROMETHEUS_OWN = ['up', 'ALERTS'];

/** Names of series an expression asks for; a syntax fault is null. */
function metricsOf(expression: string): readonly string[] | null {
  const names: string[] = [];
  let fault = false;
  parser.parse(expression).iterate({
    enter: (node) => {
      if (node.type.isError) fault = true;
      if (node.name === 'VectorSelector') {
        const name = node.node.getChild('Identifier');
        if (name) names.push(expression.slice(name.from, name.to));
      }
    },
  });
  return fault ? null : names;
}

/** Families that a page announces, with the series a histogram or summary is made of. */
function exportedBy(page: string): readonly string[] {
  return [...page.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', type]) =>
    type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  );
}

describe('what Grafana and the rules ask for', () => {
  let stack: Stack;
  const exported = new Set<string>();
  beforeAll(async () => {
    stack = await startStack();
    for (const url of [stack.oracleUrl, stack.alerterUrl]) {
      const page = await fetch(`${url}/metrics/prometheus`, { signal: AbortSignal.timeout(5000) });
      for (const name of exportedBy(await page.text())) exported.add(name);
    }
  });
  afterAll(async () => stack?.stop());

  it('can be parsed', () => {
    expect(QUERIES.length).toBeGreaterThan(40);
    expect(QUERIES.filter(({ expression }) => metricsOf(expression) === null)).toEqual([]);
    expect(metricsOf('sum(rate(x[5m])')).toBeNull();
  });

  it('is exported by the running Oracle and alerter, recorded by a rule, or made by Prometheus', () => {
    const known = new Set([...exported, ...rules.map(({ record }) => record ?? ''), ...PROMETHEUS_OWN]);
    const unknown = QUERIES.flatMap(({ where, expression }) =>
      (metricsOf(expression) ?? []).filter((name) => !known.has(name)).map((name) => `${where}: ${name}`),
    );
    expect(exported.size).toBeGreaterThan(40);
    expect(unknown).toEqual([]);
  });

  it('selects by labels that the services really have', async () => {
    const page = await (await fetch(`${stack.oracleUrl}/metrics/prometheus`)).text();
    expect(page).toMatch(/^dependency_up\{dependency="service"\}/m);
    expect(page).toMatch(/^operations_total\{operation="\w+",status="(success|error)"\}/m);
  });
});

describe('the Grafana dashboard', () => {
  it('uses the provisioned data source and nothing else', () => {
    const text = readText('infrastructure/grafana/dashboards/nps-oracle.json');
    const { datasources } = readYaml<{ datasources: readonly { uid: string }[] }>('infrastructure/grafana/provisioning/datasources/prometheus.yaml');
    expect(new Set([...text.matchAll(/"uid": "([^"]+)"/g)].map(([, uid]) => uid))).toEqual(new Set([datasources[0]?.uid, dashboard.uid]));
  });

  it('gives every panel a title, a query and a place of its own', () => {
    const panels = dashboard.panels as readonly (Panel & { type: string; id: number; gridPos: Record<'x' | 'y' | 'w' | 'h', number> })[];
    for (const panel of panels) {
      expect(panel.title).not.toBe('');
      if (panel.type !== 'row') expect(panel.targets?.length).toBeGreaterThan(0);
      expect(panel.gridPos.x + panel.gridPos.w).toBeLessThanOrEqual(24);
      const clash = panels.filter(
        ({ id, gridPos: { x, y, w, h } }) =>
          id !== panel.id && x < panel.gridPos.x + panel.gridPos.w && panel.gridPos.x < x + w && y < panel.gridPos.y + panel.gridPos.h && panel.gridPos.y < y + h,
      );
      expect(clash.map(({ title }) => title)).toEqual([]);
    }
  });
});

describe('the Kibana searches', () => {
  const objects = readText('infrastructure/elastic/kibana-searches.ndjson')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: string; type: string; attributes: Record<string, string>; references: { id: string; type: string }[] });

  it('refer to nothing but each other', () => {
    for (const { references } of objects)
      for (const { id, type } of references) expect(objects).toContainEqual(expect.objectContaining({ id, type }));
  });

  it('show the errors of the last hour by type', () => {
    const table = objects.find(({ id }) => id === 'nps-errors-by-type');
    const { aggs } = JSON.parse(table?.attributes['visState'] ?? '{}') as { aggs: { type: string; params: { field?: string } }[] };
    expect(aggs.filter(({ type }) => type === 'terms').map(({ params }) => params.field)).toEqual(['error_type', 'service.name']);
    expect(objects.find(({ id }) => id === 'nps-errors-last-hour')?.attributes['timeRange']).toEqual({ from: 'now-1h', to: 'now' });
  });

  it('look into the index that Filebeat writes', () => {
    const pattern = objects.find(({ type }) => type === 'index-pattern')?.attributes['title'];
    expect(readText('infrastructure/elastic/filebeat.yml')).toContain(`pattern: "${pattern}"`);
  });
});
