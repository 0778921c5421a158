import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTelegramPeer, type TelegramPeer, waitFor } from '@nps/testing';
import { parser } from '@prometheus-io/lezer-promql';
import { ROOT, readText, readYaml } from './repository.js';
import { type Stack, startStack } from './stack.js';

interface Query {
  readonly where: string;
  readonly expression: string;
}

interface Rules {
  readonly groups: readonly {
    readonly rules: readonly { readonly record?: string; readonly alert?: string; readonly expr: string }[];
  }[];
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
  ...dashboard.panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => ({ where: title, expression: expr })),
  ),
  ...dashboard.annotations.list.map(({ expr }) => ({ where: 'annotation', expression: expr })),
  ...rules.map(({ record, alert, expr }) => ({ where: record ?? alert ?? '', expression: expr })),
];

/** What Prometheus itself makes. */
/** The form of a bot token, and nobody's. */
const TELEGRAM_TOKEN = `${'1'.repeat(9)}:${'t'.repeat(35)}`;
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
  let ai: Server;
  let telegram: TelegramPeer;
  let stack: Stack;
  let load: ChildProcess;

  /** What has been asked of them so far decides which families they show, so each is used once: readings, RPCs, AI, a notice. */
  beforeAll(async () => {
    ai = await startAiPeer();
    telegram = await startTelegramPeer({ token: TELEGRAM_TOKEN });
    stack = await startStack({
      oracle: { ANTHROPIC_API_KEY: 'test', AI_API_URL: `http://127.0.0.1:${(ai.address() as AddressInfo).port}` },
      alerter: { NPS_BOT_TOKEN: TELEGRAM_TOKEN, NPS_CHAT_ID: '1', TELEGRAM_API_URL: telegram.url },
    });
    load = spawn(process.execPath, ['dist/load.js'], {
      cwd: join(ROOT, 'apps/reference-oracle'),
      env: {
        PATH: process.env['PATH'],
        ORACLE_API_URL: stack.oracleApiUrl,
        ORACLE_GRPC_ADDRESS: stack.oracleGrpcAddress,
        LOAD_PER_MINUTE: '600',
      },
      stdio: 'ignore',
    });
  });
  afterAll(async () => {
    load?.kill('SIGKILL');
    await stack?.stop();
    await telegram?.stop();
    ai?.closeAllConnections();
    ai?.close();
  });

  it('can be parsed', () => {
    expect(QUERIES.length).toBeGreaterThan(40);
    expect(QUERIES.filter(({ expression }) => metricsOf(expression) === null)).toEqual([]);
    expect(metricsOf('sum(rate(x[5m])')).toBeNull();
  });

  it('is exported by the running Oracle and alerter, recorded by a rule, or made by Prometheus', async () => {
    const own = [...rules.map(({ record }) => record ?? ''), ...PROMETHEUS_OWN];
    const unknown = async () => {
      const pages = await Promise.all([stack.oracleUrl, stack.alerterUrl].map(readPage));
      const known = new Set([...own, ...pages.flatMap(exportedBy)]);
      return QUERIES.flatMap(({ where, expression }) =>
        (metricsOf(expression) ?? []).filter((name) => !known.has(name)).map((name) => `${where}: ${name}`),
      );
    };
    await waitFor(async () => (await readPage(stack.oracleUrl)).includes('rpc_requests_total'));
    const fault = (name: string) =>
      fetch(`${stack.oracleUrl}/faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ fault: name }),
      });
    expect((await fault('errors')).status).toBeLessThan(300);
    await waitFor(async () => (await readPage(stack.oracleUrl)).includes('errors_total{'));
    await fault('down');
    await waitFor(() => telegram.messages.length > 0);
    await waitFor(async () => (await unknown()).length === 0, { timeoutMs: 15_000 }).catch(() => undefined);
    expect(await unknown()).toEqual([]);
    expect(await readPage(stack.oracleUrl)).toMatch(/^dependency_up\{dependency="service"\} 0$/m);
  });
});

async function readPage(url: string): Promise<string> {
  const response = await fetch(`${url}/metrics/prometheus`, { signal: AbortSignal.timeout(5000) });
  return response.text();
}

/** Answers as the Messages API does, so that tokens and cost are counted. */
async function startAiPeer(): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume();
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        model: 'claude-haiku-4-5',
        content: [{ type: 'text', text: 'The numbers agree.' }],
        usage: { input_tokens: 20, output_tokens: 5 },
        data: [],
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

describe('the Grafana dashboard', () => {
  it('uses the provisioned data source and nothing else', () => {
    const text = readText('infrastructure/grafana/dashboards/nps-oracle.json');
    const { datasources } = readYaml<{ datasources: readonly { uid: string }[] }>(
      'infrastructure/grafana/provisioning/datasources/prometheus.yaml',
    );
    expect(new Set([...text.matchAll(/"uid": "([^"]+)"/g)].map(([, uid]) => uid))).toEqual(
      new Set([datasources[0]?.uid, dashboard.uid]),
    );
  });

  it('gives every panel a title, a query and a place of its own', () => {
    const panels = dashboard.panels as readonly (Panel & {
      type: string;
      id: number;
      gridPos: Record<'x' | 'y' | 'w' | 'h', number>;
    })[];
    for (const panel of panels) {
      expect(panel.title).not.toBe('');
      if (panel.type !== 'row') expect(panel.targets?.length).toBeGreaterThan(0);
      expect(panel.gridPos.x + panel.gridPos.w).toBeLessThanOrEqual(24);
      const clash = panels.filter(
        ({ id, gridPos: { x, y, w, h } }) =>
          id !== panel.id &&
          x < panel.gridPos.x + panel.gridPos.w &&
          panel.gridPos.x < x + w &&
          y < panel.gridPos.y + panel.gridPos.h &&
          panel.gridPos.y < y + h,
      );
      expect(clash.map(({ title }) => title)).toEqual([]);
    }
  });
});

describe('the Kibana searches', () => {
  const objects = readText('infrastructure/elastic/kibana-searches.ndjson')
    .trim()
    .split('\n')
    .map(
      (line) =>
        JSON.parse(line) as {
          id: string;
          type: string;
          attributes: Record<string, string>;
          references: { id: string; type: string }[];
        },
    );

  it('refer to nothing but each other', () => {
    for (const { references } of objects)
      for (const { id, type } of references) expect(objects).toContainEqual(expect.objectContaining({ id, type }));
  });

  it('show the errors of the last hour by type', () => {
    const table = objects.find(({ id }) => id === 'nps-errors-by-type');
    const { aggs } = JSON.parse(table?.attributes['visState'] ?? '{}') as {
      aggs: { type: string; params: { field?: string } }[];
    };
    expect(aggs.filter(({ type }) => type === 'terms').map(({ params }) => params.field)).toEqual([
      'error_type',
      'service.name',
    ]);
    expect(objects.find(({ id }) => id === 'nps-errors-last-hour')?.attributes['timeRange']).toEqual({
      from: 'now-1h',
      to: 'now',
    });
  });

  it('look into the index that Filebeat writes', () => {
    const pattern = objects.find(({ type }) => type === 'index-pattern')?.attributes['title'];
    expect(readText('infrastructure/elastic/filebeat.yml')).toContain(`pattern: "${pattern}"`);
  });
});
