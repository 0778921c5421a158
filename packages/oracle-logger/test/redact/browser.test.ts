import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { launchBrowser } from '@nps/testing';

describe('the redact entry in a real browser', () => {
  it('loads without Node and hides what it hides elsewhere', async () => {
    const server = createServer((request, response) => {
      const path = join('dist/esm/redact', request.url ?? '');
      const isScript = /^\/[\w-]+\.js$/.test(request.url ?? '') && existsSync(path);
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
      response.end(isScript ? readFileSync(path) : '<!doctype html><title>redact</title>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      const shown = await page.evaluate(`import('/index.js').then(({ redact }) => redact({
        text: 'postgres://nps:opensesame@db/nps',
        headers: new Headers([['authorization', 'Bearer opensesame12']]),
        error: new Error('token=opensesame'),
        bytes: new Uint8Array(3),
        tokens_used: 5,
      }))`);
      expect(shown).toMatchObject({
        text: 'postgres://nps:[REDACTED]@db/nps',
        headers: { authorization: '[REDACTED]' },
        error: { message: 'token=[REDACTED]' },
        bytes: '[Uint8Array 3 bytes]',
        tokens_used: 5,
      });
    } finally {
      await browser.close();
      server.close();
    }
  }, 60_000);
});
