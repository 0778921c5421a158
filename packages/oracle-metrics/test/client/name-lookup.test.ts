import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createNameLookup } from '../../src/client/name-lookup.js';

/** A DNS server that knows two names, answers NXDOMAIN for others and keeps silent for "silent". */
let server: Socket;
let asked: string[];
let servers: string[];

const known: Readonly<Record<string, readonly number[]>> = {
  'oracle.test': [127, 0, 0, 7],
  'metadata.test': [169, 254, 169, 254],
};

function answer(query: Buffer): Buffer | null {
  let name = '';
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    name += `${name === '' ? '' : '.'}${query.subarray(at + 1, at + 1 + length).toString()}`;
    at += length + 1;
  }
  const type = query.readUInt16BE(at + 1);
  asked.push(`${name}/${type}`);
  if (name.startsWith('silent')) return null;
  const question = query.subarray(12, at + 5);
  const address = type === 1 ? known[name] : undefined;
  const head = Buffer.from([
    query[0] ?? 0,
    query[1] ?? 0,
    0x81,
    known[name] === undefined ? 0x83 : 0x80,
    0,
    1,
    0,
    address === undefined ? 0 : 1,
    0,
    0,
    0,
    0,
  ]);
  if (address === undefined) return Buffer.concat([head, question]);
  return Buffer.concat([head, question, Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...address])]);
}

beforeEach(async () => {
  asked = [];
  server = createSocket('udp4', (query, { port, address }) => {
    const reply = answer(query);
    if (reply !== null) server.send(reply, port, address);
  });
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  servers = [`127.0.0.1:${server.address().port}`];
});

afterEach(async () => {
  await new Promise<void>((resolve) => server.close(() => resolve()));
});

type Lookup = ReturnType<typeof createNameLookup>;

function find(lookup: Lookup, name: string, all = false): Promise<unknown> {
  return new Promise((resolve, reject) => {
    lookup(name, { all }, (error, address) => (error === null ? resolve(address) : reject(error)));
  });
}

describe('createNameLookup', () => {
  it('asks DNS once for a name, however many ask at the same time or soon after', async () => {
    const lookup = createNameLookup({ servers });
    expect(await Promise.all([1, 2, 3].map(() => find(lookup, 'oracle.test')))).toEqual([
      '127.0.0.7',
      '127.0.0.7',
      '127.0.0.7',
    ]);
    expect(await find(lookup, 'oracle.test', true)).toEqual([{ address: '127.0.0.7', family: 4 }]);
    expect([...asked].sort()).toEqual(['oracle.test/1', 'oracle.test/28']);
  });

  it('asks again when its answer is too old', async () => {
    const lookup = createNameLookup({ ttlMs: 0, servers });
    await find(lookup, 'oracle.test');
    await find(lookup, 'oracle.test');
    expect(asked).toHaveLength(4);
  });

  it('refuses a name that leads to cloud metadata', async () => {
    await expect(find(createNameLookup({ servers }), 'metadata.test')).rejects.toMatchObject({
      code: 'ADDRESS_REFUSED',
    });
  });

  it('gives up on a silent server within its time, and other names need not wait', async () => {
    const lookup = createNameLookup({ servers });
    const startedAtMs = performance.now();
    const silent = [1, 2, 3, 4, 5, 6].map((one) =>
      expect(find(lookup, `silent-${one}.test`)).rejects.toMatchObject({ code: 'ETIMEOUT' }),
    );
    await find(lookup, 'oracle.test');
    const waitedMs = performance.now() - startedAtMs;
    await Promise.all(silent);
    expect(waitedMs).toBeLessThan(900);
    expect(performance.now() - startedAtMs).toBeLessThan(8000);
  }, 15_000);

  it('knows localhost and addresses without asking', async () => {
    const lookup = createNameLookup({ servers });
    expect([await find(lookup, 'localhost'), await find(lookup, '127.0.0.1')]).toEqual(['127.0.0.1', '127.0.0.1']);
    expect(asked).toEqual([]);
  });
});
