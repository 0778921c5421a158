import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import express from 'express';

import { expressHealth } from '../../src/express/index.js';
import { createHealth } from '../../src/index.js';

describe('expressHealth', () => {
  it('serves health in an Express app and lets everything else through', async () => {
    const app = express();
    app.use(expressHealth(createHealth({ service: 'oracle', version: '1', checks: [] })));
    app.get('/hello', (_request, response) => void response.send('hello'));
    const server = app.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await (await fetch(`${base}/health?x=1`)).json()).toMatchObject({ status: 'healthy', service: 'oracle' });
    expect(await (await fetch(`${base}/hello`)).text()).toBe('hello');
    expect((await fetch(`${base}/nope`)).status).toBe(404);
    await new Promise((resolve) => server.close(resolve));
  });
});
