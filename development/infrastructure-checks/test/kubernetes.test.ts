import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { has, ROOT, readYamlDocuments, run, runOwn } from './repository.js';

type Manifest = Readonly<Record<string, unknown>> & {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec: Record<string, unknown>;
};

interface Probe {
  readonly timeoutSeconds?: number;
}

interface Container {
  readonly name: string;
  readonly image: string;
  readonly securityContext: unknown;
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe & { readonly httpGet?: { readonly path: string } };
  readonly readinessProbe?: Probe;
  readonly resources?: { readonly requests?: object; readonly limits?: object };
}

interface Workload {
  readonly replicas: number;
  readonly template: {
    readonly metadata: { readonly labels: Readonly<Record<string, string>> };
    readonly spec: {
      readonly securityContext: unknown;
      readonly affinity?: object;
      readonly containers: readonly Container[];
    };
  };
}

const kubectl = has('kubectl', 'the Kubernetes manifests');
const OVERLAYS = ['development', 'production'] as const;

function render(overlay: string): readonly Manifest[] {
  const { status, output } = run('kubectl', ['kustomize', `infrastructure/kubernetes/overlays/${overlay}`]);
  if (status !== 0) throw new Error(output);
  return readYamlDocuments(output) as readonly Manifest[];
}

const workloads = (manifests: readonly Manifest[]) =>
  manifests
    .filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet')
    .map(({ spec, metadata }) => ({
      name: metadata.name,
      spec: spec as unknown as Workload,
    }));

/** The module of kubernetes-models that knows the kind: `apps/v1`, `v1`, `@kubernetes-models/prometheus-operator/…`. */
function moduleOf({ apiVersion }: Manifest): string {
  return apiVersion.startsWith('monitoring.coreos.com')
    ? `@kubernetes-models/prometheus-operator/${apiVersion}`
    : `kubernetes-models/${apiVersion}`;
}

(kubectl ? describe : describe.skip)('the Kubernetes manifests', () => {
  it.each(OVERLAYS)('are valid, in %s', async (overlay) => {
    for (const manifest of render(overlay)) {
      const models = (await import(moduleOf(manifest))) as Record<string, new (value: object) => { validate(): void }>;
      const Model = models[manifest.kind];
      if (Model === undefined) throw new Error(`${manifest.kind} is not known`);
      expect(() => new Model(manifest).validate()).not.toThrow();
    }
  });

  it('hold no field that Kubernetes does not know', () => {
    // The compiler refuses unknown fields in a literal of the interface; validators let them pass.
    const folder = join(ROOT, 'development/infrastructure-checks/coverage/manifests');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const lines = OVERLAYS.flatMap((overlay) => render(overlay)).map((manifest, index) => {
      const type = `import('${moduleOf(manifest)}').I${manifest.kind}`;
      return `export const manifest${index}: ${type} = ${JSON.stringify(manifest)};`;
    });
    const check = (text: string) => {
      writeFileSync(join(folder, 'manifests.ts'), text);
      writeFileSync(
        join(folder, 'tsconfig.json'),
        JSON.stringify({
          extends: '../../tsconfig.json',
          include: ['manifests.ts'],
          compilerOptions: { exactOptionalPropertyTypes: false },
        }),
      );
      return runOwn('tsc', ['--noEmit', '--project', folder]);
    };
    expect(check(lines.join('\n'))).toEqual({ status: 0, output: '' });
    // The check itself: a misspelt field is noticed.
    expect(check(lines.join('\n').replace('"readOnlyRootFilesystem"', '"readonlyRootFilesystem"')).output).toContain(
      'readonlyRootFilesystem',
    );
  });

  it.each(OVERLAYS)('probe everything with time to answer, in %s', (overlay) => {
    for (const { spec } of workloads(render(overlay))) {
      for (const { startupProbe, livenessProbe, readinessProbe } of spec.template.spec.containers) {
        for (const probe of [startupProbe, livenessProbe, readinessProbe]) expect(probe?.timeoutSeconds).toBe(3);
        // A service is never killed for what it depends on.
        if (livenessProbe?.httpGet) expect(livenessProbe.httpGet.path).toBe('/livez');
      }
    }
  });

  it.each(OVERLAYS)('run without root, capabilities or a writable root, within limits, in %s', (overlay) => {
    for (const { spec } of workloads(render(overlay))) {
      expect(spec.template.spec.securityContext).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      for (const container of spec.template.spec.containers) {
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
        expect(container.resources?.limits).toEqual({ cpu: '1', memory: '1Gi' });
        expect(container.resources?.requests).toBeDefined();
        expect(container.image).toMatch(/:[\w.-]+$/);
        expect(container.image).not.toMatch(/:latest$/);
      }
    }
  });

  it('keep one of two alerters running through drains and the loss of a node', () => {
    const manifests = render('production');
    const alerter = workloads(manifests).find(({ name }) => name === 'alerter');
    expect(alerter?.spec.replicas).toBe(2);
    expect(alerter?.spec.template.spec.affinity).toMatchObject({
      podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'kubernetes.io/hostname' }] },
    });
    const budget = manifests.find(({ kind }) => kind === 'PodDisruptionBudget');
    expect(budget?.spec).toMatchObject({
      minAvailable: 1,
      selector: { matchLabels: { 'app.kubernetes.io/name': 'alerter' } },
    });
    expect(workloads(render('development')).find(({ name }) => name === 'alerter')?.spec.replicas).toBe(1);
  });

  it.each(OVERLAYS)('let every policy and service meet a pod, in %s', (overlay) => {
    const manifests = render(overlay);
    const labels = workloads(manifests).map(({ spec }) => spec.template.metadata.labels);
    const meets = (selector: Readonly<Record<string, string>>) =>
      labels.some((own) => Object.entries(selector).every(([name, value]) => own[name] === value));
    const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy');
    expect(policies.length).toBeGreaterThan(3);
    for (const { spec } of policies) {
      const { podSelector, ingress = [] } = spec as unknown as {
        podSelector: { matchLabels?: Record<string, string> };
        ingress?: { from: { podSelector?: { matchLabels?: Record<string, string> } }[] }[];
      };
      expect(meets(podSelector.matchLabels ?? {})).toBe(true);
      for (const { from } of ingress)
        for (const peer of from) expect(meets(peer.podSelector?.matchLabels ?? {})).toBe(true);
    }
    for (const { spec } of manifests.filter(({ kind }) => kind === 'Service'))
      expect(meets(spec['selector'] as Record<string, string>)).toBe(true);
  });

  it('let the two alerters reach each other, who ask who speaks while the database is away', () => {
    const policies = render('production').filter(({ kind }) => kind === 'NetworkPolicy');
    const peers = policies
      .filter(({ metadata: { name } }) => name === 'alerter')
      .flatMap(({ spec }) => (spec as unknown as { ingress: readonly { readonly from: readonly object[] }[] }).ingress)
      .flatMap(({ from }) => from);
    expect(peers).toContainEqual({
      podSelector: {
        matchExpressions: [{ key: 'app.kubernetes.io/name', operator: 'In', values: ['alerter', 'dashboard'] }],
      },
    });
  });

  it('deny by default and are scraped by the operator', () => {
    const manifests = render('production');
    expect(manifests.find(({ metadata }) => metadata.name === 'default-deny')?.spec).toEqual({
      podSelector: {},
      policyTypes: ['Ingress'],
    });
    const monitors = manifests.filter(({ kind }) => kind === 'ServiceMonitor');
    expect(monitors.map(({ metadata }) => metadata.name).sort()).toEqual(['alerter', 'oracle']);
  });
});
