import { EventEmitter } from 'node:events';
import { createServer } from 'node:http';
import { Socket } from 'node:net';
import { PassThrough } from 'node:stream';

/** Something no logger likes. `build` is called for every use: some values are spent by one look. */
export interface HostileValue {
  readonly name: string;
  build(ran: () => void): unknown;
}

const value = (name: string, build: (ran: () => void) => unknown): HostileValue => ({ name, build });

const inject = {
  lf: 'a\n{"level":"CRITICAL","message":"forged"}',
  crlf: 'a\r\nforged',
  nul: 'a\0b',
  nel: 'a\u0085b',
  'line separator': 'a\u2028b',
  'paragraph separator': 'a\u2029b',
  'clear screen': '\u001b[2Ja',
  title: '\u001b]0;owned\u0007a',
  hyperlink: '\u001b]8;;http://evil.example\u001b\\a\u001b]8;;\u001b\\',
  'c1 csi': '\u009b31ma',
  backspaces: 'abc\b\b\bxyz',
  'vertical tab': 'a\u000bb',
  'form feed': 'a\fb',
  'escape alone': '\u001b',
  delete: 'a\u007fb',
  'right-to-left override': 'a\u202eb',
  isolates: 'a\u2066b\u2067c\u2069',
  'arabic letter mark': 'a\u061cb',
  'byte order mark': '\ufeffa',
  'lone high surrogate': 'a\ud800b',
  'lone low surrogate': 'a\udc00b',
  quotes: '"},{"x":"',
  backslashes: '\\\\\\"\\n',
  percent: '%s %d %j %o %O %c %%',
  template: '${process.exit(1)} {{7*7}} #{x}',
  html: '<script>alert(1)</script>',
};

const throwing = () => {
  throw new Error('hostile');
};

const handler = new Proxy({}, { get: () => throwing });

function chain(length: number): Error {
  let error = new Error('root');
  for (let index = 0; index < length; index++) error = new Error(`level ${index}`, { cause: error });
  return error;
}

function deep(depth: number): unknown {
  let object: Record<string, unknown> = { end: true };
  for (let index = 0; index < depth; index++) object = { inner: object };
  return object;
}

function dag(levels: number): unknown {
  let node: unknown = { leaf: 'x' };
  for (let index = 0; index < levels; index++) node = { left: node, right: node };
  return node;
}

function circular(): unknown {
  const object: Record<string, unknown> = { name: 'loop' };
  object['self'] = object;
  object['list'] = [object, { back: object }];
  return object;
}

function manyKeys(count: number): unknown {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, index]));
}

const bait = {
  spaces: `password=${' '.repeat(32_000)}!`,
  equals: 'password='.repeat(4_000),
  quotes: 'token="'.repeat(4_000),
  schemes: '://'.repeat(10_000),
  ats: `http://${'a@'.repeat(15_000)}`,
  colons: ':'.repeat(32_000),
  dashes: '-'.repeat(32_000),
  begins: '-----BEGIN PRIVATE KEY-----'.repeat(1_200),
  halfBegins: '-----BEGIN '.repeat(3_000),
  jwt: 'eyJ'.repeat(10_000),
  dots: 'eyJabcdef.'.repeat(3_000),
  base64: 'QUJD'.repeat(8_000),
  percents: '%41'.repeat(10_000),
  nestedPercents: '%2525'.repeat(6_000),
  words: 'abandon '.repeat(4_000),
  brackets: 'secret=['.repeat(4_000),
  elements: '<password>'.repeat(3_000),
  flags: '--password '.repeat(3_000),
  sk: 'sk-'.repeat(10_000),
  backslashes: `"password\\":\\"${'\\'.repeat(30_000)}`,
  bearer: 'Bearer '.repeat(4_500),
  login: 'login x password '.repeat(2_000),
  digits: `${'1'.repeat(16)}:`.repeat(1_900),
  wrapped: '[REDACTED]\n  '.repeat(2_000),
};

const types: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  NaN: () => Number.NaN,
  infinity: () => Number.POSITIVE_INFINITY,
  'minus zero': () => -0,
  bigint: () => 10n ** 40n,
  'huge bigint': () => 2n ** 2_000_000n,
  symbol: () => Symbol('s'),
  'empty symbol': () => Symbol(''),
  function: () => throwing,
  class: () => EventEmitter,
  'async function': () => async () => undefined,
  'invalid date': () => new Date(Number.NaN),
  date: () => new Date(0),
  'far date': () => new Date(8.64e15),
  regexp: () => /a+b/giu,
  map: () => new Map([[{ a: 1 }, new Map([[1, 2]])]]),
  'map of itself': () => {
    const map = new Map();
    return map.set('self', map);
  },
  set: () => new Set([new Set([1])]),
  weakmap: () => new WeakMap(),
  weakset: () => new WeakSet(),
  weakref: () => new WeakRef({}),
  promise: () => Promise.resolve(1),
  'pending promise': () => new Promise(() => undefined),
  int8: () => new Int8Array(8),
  float64: () => new Float64Array(4),
  bigint64: () => new BigInt64Array(2),
  'data view': () => new DataView(new ArrayBuffer(4)),
  'array buffer': () => new ArrayBuffer(16),
  'shared array buffer': () => new SharedArrayBuffer(16),
  buffer: () => Buffer.alloc(100),
  generator: () =>
    (function* () {
      for (;;) yield 1;
    })(),
  iterator: () => new Map([[1, 2]]).entries(),
  arguments: () =>
    (function () {
      return arguments;
    })(),
  'boxed string': () => new String('boxed'),
  'boxed number': () => new Number(1),
  'boxed boolean': () => new Boolean(false),
  'null prototype': () => Object.assign(Object.create(null) as object, { a: 1 }),
  frozen: () => Object.freeze({ a: Object.freeze([1]) }),
  sealed: () => Object.seal({ a: 1 }),
  'sparse array': () => Object.assign([], { length: 4_000_000_000 }),
  'array with properties': () => Object.assign([1, 2], { extra: 3 }),
  emitter: () => new EventEmitter(),
  socket: () => new Socket(),
  stream: () => new PassThrough(),
  server: () => createServer(),
  url: () => new URL('https://example.com/?a=b'),
  'url parameters': () => new URLSearchParams('a=b&a=c'),
  headers: () => new Headers({ a: 'b' }),
  'form data': () => new FormData(),
  blob: () => new Blob(['x']),
  'abort signal': () => AbortSignal.abort(),
  intl: () => new Intl.NumberFormat('en'),
  atomics: () => Atomics,
  json: () => JSON,
  reflect: () => Reflect,
  'global this': () => globalThis,
  process: () => process,
  error: () => new TypeError('plain'),
  'dom exception': () => new DOMException('gone', 'AbortError'),
  'error without stack': () => Object.assign(new Error('x'), { stack: undefined }),
  'error without message': () => new Error(),
  'error with odd stack': () => Object.assign(new Error('x'), { stack: { not: 'text' } }),
  'error with odd name': () => Object.assign(new Error('x'), { name: 42 }),
  'error with odd message': () => Object.assign(new Error('x'), { message: { toString: throwing } }),
  'aggregate of 5000': () =>
    new AggregateError(
      Array.from({ length: 5000 }, (_, i) => new Error(String(i))),
      'many',
    ),
  'cause chain of 1000': () => chain(1000),
  'cause cycle': () => {
    const a = new Error('a');
    const b = new Error('b', { cause: a });
    a.cause = b;
    return a;
  },
  circular,
  'deep object': () => deep(100_000),
  'wide dag': () => dag(26),
  'many keys': () => manyKeys(100_000),
  'long array': () => Array.from({ length: 1_000_000 }, () => 1),
  'long text': () => 'x'.repeat(10_000_000),
  'long unicode text': () => '日'.repeat(1_000_000),
  'long emoji text': () => '😀'.repeat(500_000),
  'long control text': () => '\u0001'.repeat(1_000_000),
  'long key': () => ({ ['k'.repeat(1_000_000)]: 1 }),
  'many long texts': () => Array.from({ length: 300 }, () => 'y'.repeat(20_000)),
  'big buffer': () => Buffer.alloc(50_000_000),
};

function liars(): readonly HostileValue[] {
  const accessor = (key: string) =>
    value(`getter ${key}`, (ran) =>
      Object.defineProperty({ plain: 1 }, key, {
        enumerable: true,
        get: () => {
          ran();
          throw new Error('got');
        },
      }),
    );
  const traps = ['get', 'has', 'ownKeys', 'getOwnPropertyDescriptor', 'getPrototypeOf', 'isExtensible'];
  return [
    ...[
      'a',
      'message',
      'stack',
      'toJSON',
      'then',
      'level',
      'error',
      'name',
      'constructor',
      '__proto__',
      'password',
      'length',
    ].map(accessor),
    ...traps.map((trap) => value(`proxy with throwing ${trap}`, () => new Proxy({ a: 1 }, { [trap]: throwing }))),
    value('proxy with every trap throwing', () => new Proxy({}, handler)),
    value('proxy of a function', () => new Proxy(() => undefined, handler)),
    value('proxy with endless depth', () => {
      const endless: object = new Proxy(
        {},
        {
          get: () => endless,
          ownKeys: () => ['x'],
          getOwnPropertyDescriptor: () => ({ value: endless, enumerable: true, configurable: true }),
        },
      );
      return endless;
    }),
    value(
      'proxy with a million keys',
      () => new Proxy({}, { ownKeys: () => Array.from({ length: 1e6 }, (_, i) => `k${i}`) }),
    ),
    value('revoked proxy', () => {
      const { proxy, revoke } = Proxy.revocable({}, {});
      revoke();
      return proxy;
    }),
    value('prototype that is a proxy', () => Object.create(new Proxy({}, handler)) as object),
    value('toJSON that throws', () => ({ toJSON: throwing })),
    value('toJSON that returns itself', () => ({
      toJSON() {
        return this as unknown;
      },
    })),
    value('toJSON that returns undefined', () => ({ toJSON: () => undefined })),
    value('toJSON that returns a proxy', () => ({ toJSON: () => new Proxy({}, handler) })),
    value('toJSON that is no function', () => ({ toJSON: 'text' })),
    value('toString that throws', () => ({ toString: throwing, valueOf: throwing })),
    value('toPrimitive that throws', () => ({ [Symbol.toPrimitive]: throwing })),
    value('tag that lies about a map', () => ({ [Symbol.toStringTag]: 'Map', a: 1 })),
    value('tag that lies about a date', () => ({ [Symbol.toStringTag]: 'Date', a: 1 })),
    value('tag that lies about an error', () => ({ [Symbol.toStringTag]: 'Error', a: 1 })),
    value('tag that lies about headers', () => ({ [Symbol.toStringTag]: 'Headers', [Symbol.iterator]: throwing })),
    value('tag behind a getter', (ran) =>
      Object.defineProperty({}, Symbol.toStringTag, {
        get: () => {
          ran();
          throw new Error('tag');
        },
      }),
    ),
    value('headers without end', () => ({
      [Symbol.toStringTag]: 'Headers',
      *[Symbol.iterator]() {
        for (;;) yield ['a', 'b'];
      },
    })),
    value('constructor that lies', () => ({
      constructor: { name: { toString: throwing } },
      __proto__: EventEmitter.prototype,
    })),
    value('error with a stack getter', (ran) =>
      Object.defineProperty(new Error('x'), 'stack', {
        get: () => {
          ran();
          throw new Error('stack');
        },
      }),
    ),
    value('error with a message getter', (ran) =>
      Object.defineProperty(new Error('x'), 'message', {
        get: () => {
          ran();
          throw new Error('message');
        },
      }),
    ),
    value('error whose cause is a proxy', () => new Error('x', { cause: new Proxy({}, handler) })),
    value('array with a getter', (ran) =>
      Object.defineProperty([1, 2], 0, {
        get: () => {
          ran();
          throw new Error('item');
        },
      }),
    ),
    // oxlint-disable-next-line no-thenable -- nobody may await what is logged
    value('thenable', (ran) => ({ then: () => ran() })),
    value('events that lie', () => ({ emit: throwing, _events: new Proxy({}, handler) })),
  ];
}

const reserved = [
  '__proto__',
  'constructor',
  'prototype',
  'hasOwnProperty',
  'toString',
  'valueOf',
  'level',
  'message',
  'timestamp',
  'service',
  'logger',
  'splat',
  'stack',
  'cause',
  'name',
  'length',
  'then',
  'toJSON',
  '',
  ' ',
  '$where',
  '@timestamp',
  'ecs.version',
  '0',
  '-1',
  'NaN',
  '…',
  'é',
  '\u202e',
  '"',
  '\\',
  '\n',
];

/** At least two hundred of them. */
export const hostileValues: readonly HostileValue[] = [
  ...Object.entries(inject).flatMap(([name, text]) => [
    value(`${name} in a text`, () => text),
    value(`${name} in a field`, () => ({ field: text })),
    value(`${name} in a key`, () => ({ [text]: 1 })),
    value(`${name} in an error`, () => Object.assign(new Error(text), { stack: `Error: ${text}\n    at x` })),
  ]),
  ...reserved.map((key) =>
    value(`key ${JSON.stringify(key)}`, () => JSON.parse(`{${JSON.stringify(key)}:{"polluted":true}}`) as unknown),
  ),
  value('winston symbols', () => ({
    [Symbol.for('level')]: 'x',
    [Symbol.for('message')]: 'forged',
    [Symbol.for('splat')]: [1],
  })),
  ...Object.entries(types).map(([name, build]) => value(name, build)),
  ...Object.entries(types).map(([name, build]) => value(`${name} in a field`, () => ({ field: build() }))),
  ...liars(),
  ...Object.entries(bait).map(([name, text]) => value(`slow pattern bait: ${name}`, () => text)),
  ...Object.entries(bait).map(([name, text]) =>
    value(`slow pattern bait in a field: ${name}`, () => ({ field: text, again: text })),
  ),
];
