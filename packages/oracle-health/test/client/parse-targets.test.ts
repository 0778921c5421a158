import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { parseTargets } from '../../src/client/index.js';

const oracle = { name: 'oracle', kind: 'service', url: 'http://oracle-service:9090' };

function faultsOf(value: unknown, env: Record<string, string> = {}): readonly string[] {
  const parsed = parseTargets(value, env);
  return 'faults' in parsed ? parsed.faults : [];
}

describe('parseTargets', () => {
  it('takes a target of every kind', () => {
    const targets = [
      oracle,
      { name: 'node', kind: 'prometheus', url: 'http://node:9100/metrics' },
      {
        name: 'web',
        kind: 'http',
        url: 'https://web/',
        expectStatus: 204,
        bodyMatch: 'NPS',
        displayName: 'Web UI',
        dependsOn: ['api', 'oracle'],
      },
      { name: 'api', kind: 'tcp', url: 'tcp://[::1]:8000', timeoutMs: 500 },
      { name: 'scanner', kind: 'grpc', url: 'grpc://scanner:50052/nps.Scanner' },
      { name: 'database', kind: 'postgres', url: 'postgres://u:p@db/nps' },
      { name: 'cache', kind: 'redis', url: 'rediss://cache' },
    ];
    expect(parseTargets(targets, {})).toEqual({ targets });
  });

  it('puts variables in, encoded between // and @ and raw elsewhere', () => {
    const env = { PW: 'a@b/c:d', HOST: 'db:5433', WHOLE: 'redis://:x@cache:6379' };
    const parsed = parseTargets(
      [
        { name: 'a', kind: 'postgres', url: 'postgres://nps:${PW}@${HOST}/nps' },
        { name: 'b', kind: 'redis', url: '${WHOLE}' },
      ],
      env,
    );
    expect(parsed).toMatchObject({
      targets: [{ url: 'postgres://nps:a%40b%2Fc%3Ad@db:5433/nps' }, { url: 'redis://:x@cache:6379' }],
    });
  });

  it('takes the token from the named variable', () => {
    expect(parseTargets([{ ...oracle, tokenVariable: 'HEALTH_TOKEN' }], { HEALTH_TOKEN: 'sesame' })).toMatchObject({
      targets: [{ tokenVariable: 'HEALTH_TOKEN', token: 'sesame' }],
    });
  });

  it('tells all faults at once, where each is, and no secret', () => {
    const faults = faultsOf(
      [
        { name: 'a b', kind: 'smtp', url: 'http://x', colour: 'red', timeoutMs: 5 },
        { ...oracle, kind: 'redis' },
        { ...oracle, url: 'http://${MISSING}:${ALSO}', tokenVariable: 'NONE', dependsOn: ['ghost', 'oracle'] },
        { kind: 'tcp', url: 'tcp://user:topsecret@host' },
        'oracle',
      ],
      {},
    );
    expect(faults).toEqual([
      'targets[0]: name: expected letters, digits, ".", "_" or "-", at most 100',
      'targets[0]: kind: expected one of service, prometheus, http, tcp, grpc, postgres, redis',
      expect.stringMatching(/^targets\[0\]: "colour" is not a field of a target; known are name, kind, url/),
      'targets[0]: timeoutMs: expected a whole number from 100 to 10000',
      'targets[1]: url: expected redis://… or rediss://… for kind redis',
      'targets[2]: url: the environment variable MISSING is not set',
      'targets[2]: url: the environment variable ALSO is not set',
      'targets[2]: tokenVariable: the environment variable NONE is not set',
      'targets[3]: name is missing',
      'targets[3]: url: the port is missing',
      'targets[4]: expected an object with name, kind and url',
      'targets: two targets are called oracle',
      'targets: oracle depends on "ghost", which is not a target',
      'targets: oracle depends on itself, directly or through others',
    ]);
    expect(faults.join()).not.toContain('topsecret');
  });

  it('finds circles of dependencies', () => {
    const circle = [
      { ...oracle, name: 'a', dependsOn: ['b'] },
      { ...oracle, name: 'b', dependsOn: ['c'] },
      { ...oracle, name: 'c', dependsOn: ['b'] },
    ];
    expect(faultsOf(circle)).toEqual([
      'targets: b depends on itself, directly or through others',
      'targets: c depends on itself, directly or through others',
    ]);
  });

  it('follows a chain of 10,000 dependencies, and one that many share, without a look at each pair', () => {
    const chain = Array.from({ length: 10_000 }, (_, n) => ({
      ...oracle,
      name: `t${n}`,
      ...(n === 0 ? {} : { dependsOn: [`t${n - 1}`, 't0'] }),
    }));
    const cpu = process.cpuUsage();
    expect(parseTargets(chain, {})).toHaveProperty('targets');
    // A look at each pair is 50 million steps, some 4 s.
    expect(process.cpuUsage(cpu).user / 1e6).toBeLessThan(2);
    expect(faultsOf([...chain, { ...oracle, name: 'x', dependsOn: ['x', 't9999'] }])).toEqual([
      'targets: x depends on itself, directly or through others',
    ]);
  });

  it.each([
    [{ healthPath: 'health' }, 'healthPath: expected a path that begins with "/"'],
    [{ healthPath: '//evil.example/x' }, 'healthPath: expected a path that begins with "/", once'],
    [{ metricsPath: '/\\evil.example' }, 'metricsPath: expected a path that begins with "/", once'],
    [{ metricsPath: '' }, 'metricsPath: expected a path that begins with "/"'],
    [{ expectStatus: 99 }, 'expectStatus: expected a whole number from 100 to 599'],
    [{ bodyMatch: '' }, 'bodyMatch: expected a text of 1 to 1000 characters'],
    [{ displayName: 5 }, 'displayName: expected a text of 1 to 100 characters'],
    [{ dependsOn: 'api' }, 'dependsOn: expected a list of names of targets'],
    [{ dependsOn: [1] }, 'dependsOn: expected a list of names of targets'],
    [{ tokenVariable: 'a-b' }, 'tokenVariable: expected the name of an environment variable'],
    [{ token: 'written in the file' }, '"token" is not a field of a target'],
    [{ url: 'file:///etc/passwd' }, 'url: expected http://… or https://… for kind service'],
    [{ url: 'http://' }, 'url: expected http://… or https://… for kind service'],
    [{ url: 'a b' }, 'url: expected a url'],
    [{ url: undefined }, 'url is missing'],
  ])('refuses %j', (fields, fault) => {
    expect(faultsOf([{ ...oracle, ...fields }])[0]).toContain(`targets[0]: ${fault}`);
  });

  it.each([null, undefined, {}, 'x', 5])('refuses %j for a list', (value) => {
    expect(faultsOf(value)).toEqual(['targets: expected a list of targets']);
  });

  it('refuses a redis target without a host', () => {
    expect(faultsOf([{ name: 'r', kind: 'redis', url: 'redis:///0' }])).toEqual([
      'targets[0]: url: the host is missing',
    ]);
  });

  it('answers anything with targets or faults and never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          fc.array(
            fc.dictionary(fc.constantFrom('name', 'kind', 'url', '__proto__', 'dependsOn', 'toString'), fc.jsonValue()),
          ),
        ),
        (value) => {
          const parsed = parseTargets(value, {});
          expect('targets' in parsed || parsed.faults.length > 0).toBe(true);
        },
      ),
    );
  });
});
