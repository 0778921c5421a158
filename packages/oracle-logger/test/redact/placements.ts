import type { Secret } from './secret-kinds.js';

/** A log call with a secret in it. */
export interface Call {
  readonly message: string;
  readonly fields: unknown;
}

/** A place a secret can stand in; `neutral` ones do not tell that it is one. */
export interface Placement {
  readonly name: string;
  readonly telling: boolean;
  /** What would not be read as one value there. */
  readonly breaks?: RegExp;
  build(secret: Secret, key: string, ref: string): Call;
}

/** Without quotes a value ends at blanks, at its quotes, at tags and where separators and escapes show that they part. */
const bare =
  /[\s\\]|<[a-z]{1,12}\d?\/?>|^\d{1,2}["'`<]|^[>"'`,;&)\]}|]|["'`<](?![A-Za-z\d])|(?<![A-Za-z\d])["'`<]|^\{[\w.-]*[=:]|[,;&)\]}|>](?:[\s"'`,;:&)\]}|>\\]|[\w.-]*[=:]|$)/;

/** Escaping spares single quotes: one after a number ends a count. */
const countBeforeQuote = /^\d{1,2}'/;

/** Within quotes it ends at a quote; and what begins like the rest of a sentence looks as if the quote before ended one. */
const closesQuote = /["\\]|^(?:[)\]}]+(?:$|[\s,.;])|,["'{])/;

const neutral = (name: string, build: (text: string, ref: string) => Call): Placement => ({
  name,
  telling: false,
  build: (secret, _key, ref) => build(secret.text, ref),
});

const telling = (
  name: string,
  build: (text: string, key: string, ref: string) => Call,
  breaks?: RegExp,
): Placement => ({
  name,
  telling: true,
  ...(breaks === undefined ? {} : { breaks }),
  build: (secret, key, ref) => build(secret.text, key, ref),
});

const said = (message: string, fields: unknown = {}): Call => ({ message, fields });

const oneLine = (text: string) => text.replaceAll('\n', '\\n');

class Connection {
  constructor(
    readonly target: string,
    readonly ref: string,
  ) {}
}

function errorWith(message: string, extra: object = {}): Error {
  return Object.assign(new Error(message), extra);
}

function stackedError(text: string, ref: string): Error {
  const error = new Error(`short ${ref}`);
  error.stack = `Error: short ${ref} ${text}\n    at connect (/app/dist/db.js:41:13)`;
  return error;
}

export const placements: readonly Placement[] = [
  neutral('message', (text, ref) => said(`request ${ref} failed for ${text} after 3 tries`)),
  neutral('quoted message', (text, ref) => said(`got "${text}", ('${text}') ref=${ref}`)),
  neutral('message on several lines', (text, ref) => said(`dump ${ref}:\n  value: ${text}\n  end`)),
  neutral('field', (text, ref) => said('field', { note: text, ref })),
  neutral('nested field', (text, ref) =>
    said('nested', { ctx: { level1: { level2: { note: `seen ${text} here`, ref } } } }),
  ),
  neutral('array', (text, ref) => said('array', { items: ['first', text, ref] })),
  neutral('array of objects', (text, ref) =>
    said('rows', {
      rows: [
        { id: 1, v: ref },
        { id: 2, v: text },
      ],
    }),
  ),
  neutral('array of arrays', (text, ref) =>
    said('matrix', {
      rows: [
        [1, ref],
        [2, [text]],
      ],
    }),
  ),
  neutral('map value', (text, ref) =>
    said('map', {
      m: new Map([
        ['a', ref],
        ['b', text],
      ]),
    }),
  ),
  neutral('map key', (text, ref) =>
    said('map', {
      m: new Map([
        [text, 1],
        [ref, 2],
      ]),
    }),
  ),
  neutral('set', (text, ref) => said('set', { s: new Set([ref, text]) })),
  neutral('object key', (text, ref) => said('counts', { counters: { [text]: 3, [ref]: 4 } })),
  neutral('class instance', (text, ref) => said('instance', { conn: new Connection(text, ref) })),
  neutral('toJSON', (text, ref) => said('json', { v: { toJSON: () => ({ target: text, ref }) } })),
  neutral('buffer', (text, ref) => said(`buffer ${ref}`, { chunk: Buffer.from(text) })),
  neutral('error message', (text, ref) => said('op', { err: errorWith(`cannot use ${text} (${ref})`) })),
  neutral('error as fields', (text, ref) => said('op', errorWith(`bad input ${text}`, { ref }))),
  neutral('error stack', (text, ref) => said('op', { err: stackedError(text, ref) })),
  neutral('error cause', (text, ref) =>
    said('op', {
      err: new Error(`outer ${ref}`, { cause: new Error('middle', { cause: new Error(`inner: ${text}`) }) }),
    }),
  ),
  neutral('aggregate error', (text, ref) =>
    said('op', { err: new AggregateError([new Error('first'), new Error(text)], ref) }),
  ),
  neutral('error property', (text, ref) => said('op', { err: errorWith(ref, { response: { body: text } }) })),
  neutral('json in a string', (text, ref) => said('body', { body: JSON.stringify({ ref, data: { v: text } }) })),
  neutral('json twice escaped', (text, ref) =>
    said('body', { body: JSON.stringify(JSON.stringify({ ref, v: text })) }),
  ),
  neutral('percent-encoded', (text, ref) =>
    said(`GET https://api.example.com/v1?ref=${ref}&next=${encodeURIComponent(text)}&n=1`),
  ),
  neutral('url object', (text, ref) =>
    said('url', { url: new URL(`https://api.example.com/v1?ref=${ref}&next=${encodeURIComponent(text)}`) }),
  ),
  neutral('further argument', (text, ref) => said('args', [text, ref])),
  telling('field by key', (text, key, ref) => said('cfg', { [key]: text, ref })),
  telling('nested field by key', (text, key, ref) =>
    said('cfg', { config: { service: 'oracle', auth: { [key]: text }, ref } }),
  ),
  telling('list of objects by key', (text, key, ref) => said('cfg', { envs: [{ name: 'A', ref }, { [key]: text }] })),
  telling('key=value', (text, key, ref) => said(`starting ${ref} with ${key}=${oneLine(text)} mode=prod`), bare),
  telling('key: value', (text, key, ref) => said(`loaded ${ref}: ${key}: ${oneLine(text)}`), bare),
  telling(
    'key="value"',
    (text, key, ref) => said(`starting ${ref} with ${key}="${oneLine(text)}" mode=prod`),
    closesQuote,
  ),
  telling('json with the key', (text, key, ref) => said(`resp ${JSON.stringify({ ref, [key]: text, n: 1 })}`)),
  telling('json with the key, twice escaped', (text, key, ref) =>
    said('resp', { raw: JSON.stringify(JSON.stringify({ ref, [key]: text })) }),
  ),
  telling(
    'address query',
    (text, key, ref) =>
      said(`GET https://api.example.com/v1?ref=${ref}&${key}=${encodeURIComponent(text)}&limit=10 500`),
    countBeforeQuote,
  ),
  telling(
    'form body',
    (text, key, ref) => said('POST', { body: `grant_type=code&${key}=${encodeURIComponent(text)}&ref=${ref}` }),
    countBeforeQuote,
  ),
  telling('headers object', (text, key, ref) => said('req', { headers: { accept: '*/*', [key]: text, 'x-ref': ref } })),
  telling('raw headers', (text, key, ref) => said('req', { rawHeaders: ['accept', '*/*', key, text, 'x-ref', ref] })),
  telling('Headers', (text, key, ref) =>
    said('req', {
      headers: new Headers([
        ['accept', '*/*'],
        [key, oneLine(text)],
        ['x-ref', ref],
      ]),
    }),
  ),
  telling('name and value', (text, key, ref) =>
    said('req', {
      headers: [
        { name: key, value: text },
        { name: 'x-ref', value: ref },
      ],
    }),
  ),
  telling('pairs', (text, key, ref) =>
    said('req', {
      headers: [
        [key, text],
        ['x-ref', ref],
      ],
    }),
  ),
  telling('map by key', (text, key, ref) =>
    said('map', {
      m: new Map([
        [key, text],
        ['ref', ref],
      ]),
    }),
  ),
  telling('environment dump', (text, key, ref) =>
    said('env', { env: { NODE_ENV: 'production', [key]: text, REF: ref } }),
  ),
  telling(
    'environment lines',
    (text, key, ref) => said(`env ${ref}\nNODE_ENV=production\nexport ${key}=${oneLine(text)}\nREF=1`),
    bare,
  ),
  telling(
    'yaml',
    (text, key, ref) => said(`config ${ref}:\nservice: oracle\n${key}: ${oneLine(text)}\nref: ${ref}`),
    bare,
  ),
  telling('yaml with quotes', (text, key, ref) => said(`config ${ref}:\n${key}: '${oneLine(text)}'\nref: ${ref}`), /'/),
  telling('form with plus signs', (text, key, ref) =>
    said(`POST ${new URLSearchParams({ ref, [key]: text, n: '1' }).toString()}`),
  ),
  telling('indented json', (text, key, ref) =>
    said(`resp ${JSON.stringify({ ref, [key]: { value: text } }, null, 2)}`),
  ),
  telling('Name and Value', (text, key, ref) => said('stack', { parameters: [{ Name: key, Value: [text] }, { ref }] })),
  telling('arguments', (text, key, ref) =>
    said('spawn', { argv: ['node', 'main.js', `--${key}=${text}`, `--ref=${ref}`] }),
  ),
  telling('arguments apart', (text, key, ref) =>
    said('spawn', { argv: ['node', 'main.js', `--${key}`, text, '--ref', ref] }),
  ),
  telling(
    'error message by key',
    (text, key, ref) => said('op', { err: errorWith(`invalid option ${key}=${oneLine(text)} (${ref})`) }),
    bare,
  ),
  telling('error properties', (text, key, ref) =>
    said('http', { err: errorWith('401', { config: { url: '/v1', headers: { [key]: text } }, ref }) }),
  ),
];
