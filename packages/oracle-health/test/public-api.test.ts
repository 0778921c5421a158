import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

import * as client from '../src/client/index.js';
import * as contract from '../src/contract/index.js';
import * as expressEntry from '../src/express/index.js';
import * as grpc from '../src/grpc/index.js';
import * as main from '../src/index.js';
import * as postgres from '../src/postgres/index.js';
import * as sidecar from '../src/sidecar/index.js';

describe('the public names', () => {
  it('of every entry are these', () => {
    expect(Object.keys(main).toSorted()).toEqual([
      'HealthError',
      'aiApiCheck',
      'classify',
      'createHealth',
      'createResolver',
      'defineCheck',
      'dependencyExposition',
      'diskCheck',
      'endpointPaths',
      'errorClasses',
      'eventLoopCheck',
      'grpcCheck',
      'healthEndpoints',
      'httpCheck',
      'memoryCheck',
      'postgresCheck',
      'redisCheck',
      'startSidecar',
      'tcpCheck',
      'telegramCheck',
      'tlsCertificateCheck',
      'uptimeCheck',
    ]);
    expect(Object.keys(contract).toSorted()).toEqual([
      'MalformedReport',
      'errorClasses',
      'failureReasons',
      'parseHealthReport',
      'publicAddress',
      'targetKinds',
    ]);
    expect(Object.keys(client).toSorted()).toEqual(['createProber', 'parseTargets', 'probe']);
    expect(Object.keys(postgres).toSorted()).toEqual([
      'createHealthHistory',
      'createMemoryHealthHistory',
      'migrations',
    ]);
    expect(Object.keys(sidecar).toSorted()).toEqual(['createSidecarHandler', 'startSidecar']);
    expect(Object.keys(grpc)).toEqual(['grpcHealthService']);
    expect(Object.keys(expressEntry)).toEqual(['expressHealth']);
  });

  it('are what package.json lets others import, and needs no package at run time', () => {
    const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { exports: object; dependencies?: object };
    expect(Object.keys(manifest.exports)).toEqual([
      '.',
      './contract',
      './client',
      './postgres',
      './sidecar',
      './express',
      './grpc',
      './package.json',
    ]);
    expect(manifest.dependencies).toBeUndefined();
  });
});
