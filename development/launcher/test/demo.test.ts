import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runDemo } from '../src/demo.js';
import type { RunState } from '../src/run-state.js';

/** A process whose command line carries `marker`, as a launcher's and an app's do; prints each signal it is sent. */
function stand(marker: string): ChildProcess {
  const script = "process.on('SIGUSR2', () => console.log('revive')); setInterval(() => 0, 1000); console.log('up')";
  return spawn(process.execPath, ['-e', script, marker], { stdio: ['ignore', 'pipe', 'ignore'] });
}

describe('npm run demo', () => {
  const asked: string[] = [];
  let status = 200;
  let sidecar: Server;
  let launcher: ChildProcess;
  let oracle: ChildProcess;
  let state: RunState;

  beforeEach(async () => {
    asked.length = 0;
    status = 200;
    sidecar = createServer((req, res) => {
      req.on('data', (chunk: Buffer) => asked.push(`${req.method} ${req.url} ${chunk.toString()}`));
      req.on('end', () => res.writeHead(status).end('because'));
    });
    await once(sidecar.listen(0, '127.0.0.1'), 'listening');
    launcher = stand('launcher');
    oracle = stand('dist/main.js');
    await Promise.all([
      once(launcher.stdout as object as ChildProcess, 'data'),
      once(oracle.stdout as object as ChildProcess, 'data'),
    ]);
    state = {
      pid: launcher.pid as number,
      startedAt: '2026-01-01T00:00:00.000Z',
      dashboardUrl: 'http://127.0.0.1:9000',
      sidecarUrl: `http://127.0.0.1:${(sidecar.address() as AddressInfo).port}`,
      children: { 'reference-oracle': oracle.pid as number },
    };
  });
  afterEach(async () => {
    launcher.kill('SIGKILL');
    oracle.kill('SIGKILL');
    await new Promise((done) => sidecar.close(done));
  });

  it('sets the fault on the running Oracle and says what will be seen', async () => {
    expect(await runDemo('slow', state)).toContain('slow-response warning');
    expect(await runDemo('recover', state)).toContain('http://127.0.0.1:9000');
    expect(asked).toEqual(['POST /faults {"fault":"slow"}', 'POST /faults {"fault":"none"}']);
  });

  it('kills the Oracle for "down", and asks the launcher to start it again for "recover"', async () => {
    expect(await runDemo('down', state)).toContain('within 30 s');
    await once(oracle, 'exit');
    expect(await runDemo('down', state)).toContain('down already');
    await expect(runDemo('errors', state)).rejects.toThrow('recover');
    const revived = once(launcher.stdout as object as ChildProcess, 'data');
    expect(await runDemo('recover', state)).toContain('recovery');
    expect(String((await revived)[0])).toContain('revive');
  });

  it('explains itself when there is no such command, nothing runs, or nothing can be broken', async () => {
    await expect(runDemo(undefined, state)).rejects.toThrow('flapping');
    await expect(runDemo('explode', state)).rejects.toThrow('Unknown command "explode"');
    await expect(runDemo('slow', null)).rejects.toThrow('npm start');
    await expect(runDemo('slow', { ...state, sidecarUrl: null })).rejects.toThrow('your own services');
    status = 400;
    await expect(runDemo('slow', state)).rejects.toThrow('because');
  });
});
