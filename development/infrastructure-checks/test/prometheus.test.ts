import { describe, expect, it } from '@jest/globals';
import { defaultRules } from '../../../packages/oracle-alerts/src/rules/default-rules.js';
import { has, readText, readYaml, run } from './repository.js';

interface RuleFile {
  readonly groups: readonly {
    readonly name: string;
    readonly rules: readonly {
      readonly alert?: string;
      readonly expr: string;
      readonly for?: string;
      readonly labels?: { readonly severity: string };
    }[];
  }[];
}

const ALERTS = 'infrastructure/prometheus/rules/alerts.yml';
const rules = readYaml<RuleFile>(ALERTS).groups.flatMap((group) => group.rules);
const rule = (alert: string) => rules.find((candidate) => candidate.alert === alert);
const ours = (name: string) => defaultRules().find((candidate) => candidate.name === name);

const promtool = has('promtool', 'Prometheus configuration, rules and their tests');
(promtool ? describe : describe.skip)('promtool', () => {
  it('takes the configuration', () => {
    const config = 'infrastructure/prometheus/prometheus.yml';
    expect(run('promtool', ['check', 'config', '--syntax-only', config])).toMatchObject({ status: 0 });
  });

  it('takes the rules without a complaint', () => {
    const { status, output } = run('promtool', [
      'check',
      'rules',
      '--lint-fatal',
      ALERTS,
      'infrastructure/prometheus/rules/recording.yml',
    ]);
    expect({ status, output }).toMatchObject({ status: 0 });
  });

  it('sees every alert fire where it must and stay silent at its edge', () => {
    expect(run('promtool', ['test', 'rules', 'infrastructure/prometheus/tests/alerts.yml'])).toMatchObject({
      status: 0,
    });
  });
});

const amtool = has('amtool', 'the routes of Alertmanager');
(amtool ? describe : describe.skip)('amtool', () => {
  const CONFIG = 'infrastructure/prometheus/alertmanager.yml';
  const route = (...labels: readonly string[]) =>
    run('amtool', ['config', 'routes', 'test', `--config.file=${CONFIG}`, ...labels]).output.split('\n')[0];

  it('takes the configuration', () => {
    expect(run('amtool', ['check-config', CONFIG])).toMatchObject({ status: 0 });
  });

  it('wakes somebody for what is critical, and writes everything to the team', () => {
    expect(route('severity=critical', 'service=Oracle')).toBe('on-call,team');
    for (const severity of ['error', 'warning', 'info']) expect(route(`severity=${severity}`)).toBe('team');
    expect(route('service=Oracle')).toBe('team');
  });
});

describe("Prometheus' rules", () => {
  it('have the thresholds and severities of the alerter', () => {
    const pairs = [
      ['NpsServiceDown', 'down'],
      ['NpsErrorRate', 'error_rate'],
      ['NpsSlowReading', 'slow_reading'],
      ['NpsDependencyDown', 'dependency_down'],
      ['NpsServiceDegraded', 'degraded'],
      ['NpsJobFailed', 'job_failed'],
    ] as const;
    for (const [theirs, name] of pairs) expect(rule(theirs)?.labels?.severity).toBe(ours(name)?.severity);
    expect(rule('NpsErrorRate')?.expr).toContain(`ratio5m > ${ours('error_rate')?.threshold}`);
    expect(rule('NpsErrorRate')?.expr).toContain(`>= ${ours('error_rate')?.minimumEvents}`);
    expect(rule('NpsErrorRate')?.expr).toContain(`>= ${ours('error_rate')?.minimumErrors}`);
    expect(rule('NpsSlowReading')?.expr).toMatch(new RegExp(`> ${ours('slow_reading')?.threshold}$`));
    expect(rule('NpsDependencyDown')?.for).toBe(`${ours('dependency_down')?.forSeconds}s`);
    expect(rule('NpsServiceDegraded')?.for).toBe(`${(ours('degraded')?.forSeconds ?? 0) / 60}m`);
    expect(rule('NpsJobFailed')?.expr).toContain(`> ${ours('job_failed')?.threshold}\n`.trim());
  });

  it('are each tested', () => {
    const tests = readText('infrastructure/prometheus/tests/alerts.yml');
    expect(rules.filter(({ alert }) => alert && !tests.includes(alert)).map(({ alert }) => alert)).toEqual([]);
  });

  it('are the same in the cluster', () => {
    const groups = (['recording', 'alerts'] as const).flatMap(
      (file) => readYaml<RuleFile>(`infrastructure/prometheus/rules/${file}.yml`).groups,
    );
    const { spec } = readYaml<{ spec: RuleFile }>(
      'infrastructure/kubernetes/overlays/production/prometheus-rules.yaml',
    );
    expect(spec.groups).toEqual(groups);
  });
});
