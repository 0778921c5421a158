import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@nps/testing';
import { has, readText, run } from './repository.js';
import { type Stack, startStack } from './stack.js';

const HOST = 'monitoring.example.com';
const nginx =
  has('nginx', 'the reverse proxy') && has('openssl', 'the reverse proxy') && has('curl', 'the reverse proxy');

/** The shipped file with this machine's ports and files: nothing else differs. */
function adapt(folder: string, port: number, plainPort: number, upstream: string): string {
  const replaced = readText('infrastructure/nginx/nps.conf')
    .replace('server 127.0.0.1:9000;', `server ${upstream};`)
    .replaceAll(/listen \[::\]:.*\n/g, '\n')
    .replace('listen 443 ssl http2;', `listen 127.0.0.1:${port} ssl http2;`)
    .replace('listen 80;', `listen 127.0.0.1:${plainPort};`)
    .replaceAll('/etc/nginx/', `${folder}/`)
    .replaceAll(`${folder}/tls/monitoring`, `${folder}/monitoring`);
  return `daemon off; pid ${folder}/nginx.pid; error_log stderr;
events {}
http { access_log off; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
${replaced} }`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

(nginx ? describe : describe.skip)('nginx in front of the real dashboard', () => {
  const password = randomBytes(12).toString('hex');
  const token = randomBytes(24).toString('hex');
  const folder = mkdtempSync(join(tmpdir(), 'nginx-'));
  let stack: Stack;
  let proxy: ChildProcess;
  let port: number;
  let plainPort: number;
  let complaints = '';

  beforeAll(async () => {
    stack = await startStack({
      dashboard: {
        DASHBOARD_PROXY_HEADER: 'X-Forwarded-User',
        DASHBOARD_TOKEN: token,
        DASHBOARD_URL: `https://${HOST}`,
      },
    });
    [port, plainPort] = [await freePort(), await freePort()];
    const certificate = [
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '1',
      '-subj',
      `/CN=${HOST}`,
      '-addext',
      `subjectAltName=DNS:${HOST}`,
    ];
    run('openssl', [
      'req',
      ...certificate,
      '-keyout',
      join(folder, 'monitoring.key'),
      '-out',
      join(folder, 'monitoring.crt'),
    ]);
    writeFileSync(join(folder, 'nps-users'), `ada:{SHA}${createHash('sha1').update(password).digest('base64')}\n`);
    writeFileSync(join(folder, 'nginx.conf'), adapt(folder, port, plainPort, new URL(stack.dashboardUrl).host));
    chmodSync(folder, 0o755);
    proxy = spawn('nginx', ['-c', join(folder, 'nginx.conf'), '-p', folder], { stdio: ['ignore', 'ignore', 'pipe'] });
    proxy.stderr?.on('data', (chunk) => (complaints += chunk));
    await waitFor(
      () =>
        new Promise<boolean>((resolve) => {
          const socket = connect(port, '127.0.0.1', () => resolve(socket.destroy() !== undefined));
          socket.on('error', () => resolve(false));
        }),
      { timeoutMs: 10_000, what: 'nginx' },
    ).catch((error: Error) => {
      throw new Error(`${error.message} ${complaints}`);
    });
  });
  afterAll(async () => {
    proxy?.kill('SIGTERM');
    await stack?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const curl = (path: string, ...options: readonly string[]) => {
    const body = join(folder, 'body.out');
    const { output } = run('curl', [
      '--silent',
      '--show-error',
      '--max-time',
      '10',
      '--noproxy',
      '*',
      '--dump-header',
      '-',
      '--output',
      body,
      '--cacert',
      join(folder, 'monitoring.crt'),
      '--resolve',
      `${HOST}:${port}:127.0.0.1`,
      ...options,
      `https://${HOST}:${port}${path}`,
    ]);
    return {
      status: Number(/^HTTP\/\S+ (\d+)/.exec(output)?.[1] ?? 0),
      head: output,
      body: () => readFileSync(body, 'utf8'),
    };
  };
  const asAda = () => ['--user', `ada:${password}`];

  it('speaks HTTP/2 over TLS 1.2 and 1.3, and nothing older', () => {
    expect(curl('/', ...asAda()).head).toMatch(/^HTTP\/2 200/);
    expect(curl('/readyz', '--tls-max', '1.2').status).toBe(200);
    expect(curl('/readyz', '--tls-max', '1.1').head).toMatch(/^curl: \(35\)/);
  });

  it('leads from HTTP to HTTPS', () => {
    const { output } = run('curl', [
      '-si',
      '--noproxy',
      '*',
      '-H',
      `Host: ${HOST}`,
      `http://127.0.0.1:${plainPort}/x?y=1`,
    ]);
    expect(output).toMatch(/^HTTP\/1.1 301/);
    expect(output).toMatch(new RegExp(`location: https://${HOST}/x\\?y=1`, 'i'));
  });

  it('asks who is there, and tells the dashboard', () => {
    expect(curl('/api/status').status).toBe(401);
    expect(curl('/api/status', '--user', 'ada:wrong').status).toBe(401);
    const session = curl('/api/session', ...asAda());
    expect(session.status).toBe(200);
    expect(JSON.parse(session.body())).toMatchObject({ user: 'ada' });
  });

  it('believes nobody who names himself', () => {
    expect(curl('/api/status', '-H', 'X-Forwarded-User: eve').status).toBe(401);
    const session = curl('/api/session', ...asAda(), '-H', 'X-Forwarded-User: eve');
    expect(JSON.parse(session.body())).toMatchObject({ user: 'ada' });
    const byToken = curl('/api/session', '-H', 'Authorization: Bearer wrong', '-H', 'X-Forwarded-User: eve');
    expect(byToken.body()).not.toContain('eve');
  });

  it('lets a pipeline mark a release with its token, and with no other', () => {
    const mark = (bearer: string) =>
      curl(
        '/api/deploys',
        '-H',
        `Authorization: Bearer ${bearer}`,
        '-H',
        'content-type: application/json',
        '-d',
        '{"service":"oracle","version":"1.0.0"}',
      );
    expect(mark(token).status).toBe(201);
    expect([401, 403]).toContain(mark('wrong-wrong-wrong').status);
  });

  it('sends the security headers of both', () => {
    const { head } = curl('/', ...asAda());
    expect(head).toMatch(/strict-transport-security: max-age=31536000/i);
    expect(head).toMatch(/content-security-policy: /i);
    expect(head).toMatch(/x-content-type-options: nosniff/i);
    expect(head).not.toMatch(/server: nginx\/\d/i);
  });

  it('refuses who asks too often, and serves again soon', async () => {
    const target = `https://${HOST}:${port}/readyz#[1-200]`;
    const options = [
      '--cacert',
      join(folder, 'monitoring.crt'),
      '--resolve',
      `${HOST}:${port}:127.0.0.1`,
      '--noproxy',
      '*',
    ];
    const { output } = run('curl', [
      '-s',
      '-Z',
      '--parallel-max',
      '20',
      ...options,
      '-o',
      '/dev/null',
      '-w',
      '%{http_code}\n',
      target,
    ]);
    const codes = output.match(/^\d{3}$/gm) ?? [];
    const count = (code: string) => codes.filter((each) => each === code).length;
    expect({ refused: count('429') > 50, served: count('200') > 30, codes: [...new Set(codes)].sort() }).toEqual({
      refused: true,
      served: true,
      codes: ['200', '429'],
    });
    await waitFor(() => curl('/readyz').status === 200, { timeoutMs: 10_000, everyMs: 200 });
  });

  it('takes no body larger than a form', async () => {
    await waitFor(() => curl('/readyz').status === 200, { timeoutMs: 10_000, everyMs: 200 });
    writeFileSync(join(folder, 'large'), 'x'.repeat(400_000));
    expect(curl('/api/silences', ...asAda(), '--data-binary', `@${join(folder, 'large')}`).status).toBe(413);
  });
});
