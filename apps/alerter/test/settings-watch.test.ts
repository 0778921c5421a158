import { mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readConfig } from '../src/config.js';
import { loadSettings } from '../src/settings-file.js';
import { createSettingsWatch, type SettingsWatch } from '../src/settings-watch.js';
import { createFakeClock, type FakeClock } from './fake-clock.js';

const file = (...names: string[]): string =>
  JSON.stringify({ targets: names.map((name) => ({ name, kind: 'http', url: `http://${name}.test` })) });

let directory: string;
let path: string;
let tokenPath: string;
let channels: Set<string>;
let clock: FakeClock;
let watch: SettingsWatch;
let applied: string[];
let refused: string[];
let failApply: boolean;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'alerter-'));
  path = join(directory, 'targets.json');
  writeFileSync(path, file('a'));
  tokenPath = join(directory, 'token');
  writeFileSync(tokenPath, 'first');
  const env = { NPS_CONFIG: path, ALERTMANAGER_URL: 'http://a.test', ALERTMANAGER_TOKEN_FILE: tokenPath };
  const config = readConfig(env);
  const loaded = 'config' in config ? loadSettings(config.config, env, (name) => readFileSync(name, 'utf8')) : config;
  if (!('source' in loaded)) throw new Error(loaded.faults.join());
  channels = new Set([loaded.settings.channelsFingerprint]);
  clock = createFakeClock();
  [applied, refused, failApply] = [[], [], false];
  watch = createSettingsWatch(loaded.source, {
    clock,
    apply: (settings) => {
      if (failApply) return Promise.reject(new Error('busy'));
      channels.add(settings.channelsFingerprint);
      applied.push(settings.targets.map(({ name }) => name).join());
      return Promise.resolve();
    },
    onApplied: () => undefined,
    onRefused: (faults) => refused.push(faults.join()),
  });
  watch.start();
});
afterEach(async () => {
  await watch.stop();
  rmSync(directory, { recursive: true });
});

describe('a secret file that changes', () => {
  it('brings the new secret into use within seconds, once', async () => {
    await clock.advance(10_000);
    expect(channels.size).toBe(1);
    writeFileSync(tokenPath, 'second');
    await clock.advance(10_000);
    expect(applied).toEqual(['a']);
    expect(channels.size).toBe(2);
  });

  it('keeps the old secret while it cannot be read, and says which file that is', async () => {
    unlinkSync(tokenPath);
    await clock.advance(10_000);
    expect(applied).toEqual([]);
    expect(refused).toEqual([expect.stringMatching(/^ALERTMANAGER_TOKEN_FILE: cannot read .*token/)]);
    writeFileSync(tokenPath, 'first');
    await clock.advance(10_000);
    expect(watch.state().faults).toEqual([]);
    expect(applied).toEqual([]);
  });
});

describe('a configuration file that changes', () => {
  it('is taken into use within seconds, once', async () => {
    writeFileSync(path, file('a', 'b'));
    await clock.advance(10_000);
    expect(applied).toEqual(['a,b']);
  });

  it('keeps the old settings when it is bad, says why once, and is taken when it is repaired', async () => {
    writeFileSync(path, '{"targets": [{"name": "b"}]}');
    await clock.advance(20_000);
    expect(applied).toEqual([]);
    expect(refused).toHaveLength(1);
    expect(watch.state().faults.join()).toContain('targets[0]: kind is missing');
    writeFileSync(path, file('c'));
    await clock.advance(10_000);
    expect(applied).toEqual(['c']);
    expect(watch.state().faults).toEqual([]);
  });

  it('clears the fault when the old text comes back', async () => {
    writeFileSync(path, 'nonsense');
    await clock.advance(10_000);
    expect(watch.state().faults).toHaveLength(1);
    writeFileSync(path, file('a'));
    await clock.advance(10_000);
    expect(watch.state().faults).toEqual([]);
    expect(applied).toEqual([]);
  });

  it('is not taken while it is still being written', async () => {
    for (const names of [
      ['a', 'b'],
      ['a', 'b', 'c'],
      ['a', 'b', 'c', 'd'],
    ]) {
      writeFileSync(path, file(...names));
      await clock.advance(2000);
    }
    expect(applied).toEqual([]);
    await clock.advance(2000);
    expect(applied).toEqual(['a,b,c,d']);
  });

  it('that vanishes keeps the old settings, and is taken when it returns', async () => {
    unlinkSync(path);
    await clock.advance(10_000);
    expect(refused).toHaveLength(1);
    writeFileSync(path, file('z'));
    await clock.advance(10_000);
    expect(applied).toEqual(['z']);
  });

  it('is taken at once on request', async () => {
    writeFileSync(path, file('now'));
    await watch.reload();
    expect(applied).toEqual(['now']);
    unlinkSync(path);
    await watch.reload();
    expect(refused).toHaveLength(1);
  });

  it('is tried again when it could not be brought into use', async () => {
    failApply = true;
    writeFileSync(path, file('b'));
    await clock.advance(10_000);
    expect(watch.state().faults.join()).toContain('busy');
    failApply = false;
    await clock.advance(10_000);
    expect(applied).toEqual(['b']);
    expect(watch.state().faults).toEqual([]);
  });
});
