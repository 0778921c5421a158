import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '@nps/testing';
import type { SettingsReply } from '../../src/contract/settings.js';
import type { StatusReply } from '../../src/contract/status.js';
import { createConfiguration } from '../../src/server/configuration.js';
import { send } from './request.js';
import { createWorld, NOBODY, type World } from './world.js';

const PATIENCE = { timeoutMs: 20_000 };

describe('a configuration file that changes while the dashboard runs', () => {
  let directory: string;
  let path: string;
  let world: World;
  const target = (name: string) => `  - { name: ${name}, kind: service, url: "${NOBODY}" }\n`;
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'dashboard-file-'));
    path = join(directory, 'watch.yaml');
    writeFileSync(path, `targets:\n${target('oracle')}`);
    world = await createWorld({ env: { NPS_CONFIG: path } });
  });
  afterEach(async () => {
    await world.remove();
    rmSync(directory, { recursive: true, force: true });
  });

  const status = async () => (await send(`${world.url}/api/status`)).body as StatusReply;
  const settings = async () => (await send(`${world.url}/api/settings`)).body as SettingsReply;

  it('is taken up without a restart', async () => {
    writeFileSync(path, `targets:\n${target('oracle')}${target('scanner')}`);
    const shown = await waitFor(async () => Object.keys((await status()).services).length === 2 && status(), PATIENCE);
    expect(Object.keys(shown.services)).toEqual(['oracle', 'scanner']);
    expect(shown.configuration).toMatchObject({ source: 'file', state: 'current', faults: [] });
    expect((await settings()).targets.map(({ name }) => name)).toEqual(['oracle', 'scanner']);
  }, 60_000);

  it('keeps the old one when the new one is bad, says why and since when, and forgets it when mended', async () => {
    writeFileSync(path, `targets:\n${target('oracle')}rules: [{ name: 5 }]\nchanels: {}\n`);
    const refused = await waitFor(async () => {
      const { configuration } = await settings();
      return configuration.state === 'refused' && configuration;
    }, PATIENCE);
    expect(refused.faults.length).toBeGreaterThan(1);
    expect(refused.faults.join()).toContain('chanels');
    expect(refused.refused_since).not.toBeNull();
    expect(Object.keys((await status()).services)).toEqual(['oracle']);
    expect(world.errors.map(String).join()).toContain('is not used');
    rmSync(path);
    await waitFor(async () => (await settings()).configuration.faults.join().includes('ENOENT'), PATIENCE);
    writeFileSync(path, `targets:\n${target('api')}`);
    await waitFor(async () => (await settings()).configuration.state === 'current', PATIENCE);
    expect((await settings()).targets.map(({ name }) => name)).toEqual(['api']);
  }, 60_000);

  it('is checked once however often it is looked at: checking a long one holds up every answer', async () => {
    let looks = 0;
    let checks = 0;
    const found = { outcome: 'text', text: 'targets: []' } as const;
    const file = { targets: [], document: {}, text: found.text };
    const configuration = createConfiguration(file, {
      source: 'file',
      find: () => {
        looks += 1;
        return found;
      },
      check: () => {
        checks += 1;
        return { outcome: 'targets', file };
      },
      nowMs: Date.now,
      onError: (error) => {
        throw error;
      },
    });
    await configuration.start();
    await waitFor(() => looks >= 3, PATIENCE);
    await configuration.stop();
    expect(checks).toBe(1);
    expect(configuration.state().state).toBe('current');
  }, 60_000);
});
