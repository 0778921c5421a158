import { type Target, type TargetKind, targetKinds } from '../contract/index.js';
import { type Environment, resolveVariables } from './resolve-variables.js';

/** Targets that may be visited, or everything that is wrong with the list. */
export type ParsedTargets = { readonly targets: readonly Target[] } | { readonly faults: readonly string[] };

type Fields = Readonly<Record<string, unknown>>;
type Say = (fault: string) => void;

const schemesByKind: Readonly<Record<TargetKind, readonly string[]>> = {
  service: ['http:', 'https:'],
  prometheus: ['http:', 'https:'],
  http: ['http:', 'https:'],
  tcp: ['tcp:', 'tls:'],
  grpc: ['grpc:', 'grpcs:'],
  postgres: ['postgres:', 'postgresql:'],
  redis: ['redis:', 'rediss:'],
};

const readers: Readonly<Record<string, (value: unknown, env: Environment) => string | undefined>> = {
  name: (value) => expectMatch(value, /^[A-Za-z0-9][\w.-]{0,99}$/, 'letters, digits, ".", "_" or "-", at most 100'),
  kind: (value) => (isKind(value) ? undefined : `one of ${targetKinds.join(', ')}`),
  url: (value) => expectMatch(value, /^[^\s]{1,2000}$/, 'a url'),
  healthPath: (value) => expectPath(value),
  metricsPath: (value) => expectPath(value),
  timeoutMs: (value) => expectWhole(value, 100, 10_000),
  expectStatus: (value) => expectWhole(value, 100, 599),
  bodyMatch: (value) => expectMatch(value, /^[\s\S]{1,1000}$/, 'a text of 1 to 1000 characters'),
  displayName: (value) => expectMatch(value, /^[\s\S]{1,100}$/, 'a text of 1 to 100 characters'),
  tokenVariable: (value) => expectMatch(value, /^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable'),
  dependsOn: (value) =>
    Array.isArray(value) && value.every((name) => typeof name === 'string') ? undefined : 'a list of names of targets',
};

/**
 * Reads the list of targets out of the operator's file; every fault at once, none of them repeating a secret.
 * @param env where `${VARIABLE}` and `tokenVariable` are looked up
 */
export function parseTargets(value: unknown, env: Environment): ParsedTargets {
  if (!Array.isArray(value)) return { faults: ['targets: expected a list of targets'] };
  const faults: string[] = [];
  const targets = value.map((entry: unknown, index) =>
    parseTarget(entry, env, (fault) => faults.push(`targets[${index}]: ${fault}`)),
  );
  checkNames(targets, (fault) => faults.push(`targets: ${fault}`));
  return faults.length > 0 ? { faults } : { targets: targets.filter((target) => target !== undefined) };
}

function parseTarget(entry: unknown, env: Environment, say: Say): Target | undefined {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
    say('expected an object with name, kind and url');
    return undefined;
  }
  const fields = entry as Fields;
  for (const key of ['name', 'kind', 'url']) if (fields[key] === undefined) say(`${key} is missing`);
  const parsed: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    const read = Object.hasOwn(readers, key) ? readers[key] : undefined;
    const expected = read?.(value, env);
    if (!read)
      say(
        `${JSON.stringify(key.slice(0, 40))} is not a field of a target; known are ${Object.keys(readers).join(', ')}`,
      );
    else if (expected !== undefined) say(`${key}: expected ${expected}`);
    else parsed[key] = value;
  }
  const url = readUrl(parsed, env, say);
  const token = readToken(parsed, env, say);
  if (typeof parsed['name'] !== 'string') return undefined;
  return { ...parsed, url, ...(token === undefined ? {} : { token }) } as unknown as Target;
}

function readUrl({ url: template, kind }: Fields, env: Environment, say: Say): string {
  if (typeof template !== 'string' || !isKind(kind)) return '';
  const resolved = resolveVariables(template, env);
  if ('missing' in resolved) {
    for (const name of resolved.missing) say(`url: the environment variable ${name} is not set`);
    return '';
  }
  const { text } = resolved;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const schemes = schemesByKind[kind];
  if (!url || !schemes.includes(url.protocol))
    say(`url: expected ${schemes.map((s) => `${s}//…`).join(' or ')} for kind ${kind}`);
  else if (url.hostname === '' && kind !== 'postgres') say('url: the host is missing');
  else if ((kind === 'tcp' || kind === 'grpc') && url.port === '') say('url: the port is missing');
  return text;
}

function readToken({ tokenVariable }: Fields, env: Environment, say: Say): string | undefined {
  if (typeof tokenVariable !== 'string') return undefined;
  const token = env[tokenVariable];
  if (!token) say(`tokenVariable: the environment variable ${tokenVariable} is not set`);
  return token;
}

function checkNames(targets: readonly (Target | undefined)[], say: Say): void {
  const byName = new Map<string, Target>();
  for (const target of targets) {
    if (!target) continue;
    if (byName.has(target.name)) say(`two targets are called ${target.name}`);
    byName.set(target.name, target);
  }
  for (const { name, dependsOn = [] } of byName.values()) {
    for (const other of dependsOn)
      if (!byName.has(other)) say(`${name} depends on ${JSON.stringify(other)}, which is not a target`);
  }
  const tangled = withoutEnds(byName);
  for (const { name, dependsOn = [] } of tangled.values()) {
    if (reaches(tangled, dependsOn, name)) say(`${name} depends on itself, directly or through others`);
  }
}

/** What is left when targets whose dependencies all lead to an end are taken away: only there a circle can be. Linear. */
function withoutEnds(byName: ReadonlyMap<string, Target>): ReadonlyMap<string, Target> {
  const left = new Map(byName);
  const dependents = new Map<string, string[]>();
  const open = new Map<string, number>();
  for (const { name, dependsOn = [] } of byName.values()) {
    const known = [...new Set(dependsOn)].filter((other) => byName.has(other));
    open.set(name, known.length);
    for (const other of known) {
      const waiting = dependents.get(other);
      if (waiting === undefined) dependents.set(other, [name]);
      else waiting.push(name);
    }
  }
  const ends = [...open].filter(([, count]) => count === 0).map(([name]) => name);
  for (let end = ends.pop(); end !== undefined; end = ends.pop()) {
    left.delete(end);
    for (const name of dependents.get(end) ?? []) {
      const rest = (open.get(name) ?? 0) - 1;
      open.set(name, rest);
      if (rest === 0) ends.push(name);
    }
  }
  return left;
}

function reaches(byName: ReadonlyMap<string, Target>, from: readonly string[], goal: string): boolean {
  const seen = new Set<string>();
  const open = [...from];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === goal) return true;
    if (seen.has(name)) continue;
    seen.add(name);
    open.push(...(byName.get(name)?.dependsOn ?? []));
  }
  return false;
}

function isKind(value: unknown): value is TargetKind {
  return (targetKinds as readonly unknown[]).includes(value);
}

// Two slashes, or what a URL takes for them, would begin the name of another host.
function expectPath(value: unknown): string | undefined {
  return expectMatch(value, /^\/(?![/\\])\S{0,498}$/, 'a path that begins with "/", once');
}

function expectMatch(value: unknown, pattern: RegExp, expected: string): string | undefined {
  return typeof value === 'string' && pattern.test(value) ? undefined : expected;
}

function expectWhole(value: unknown, min: number, max: number): string | undefined {
  const isGood = Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
  return isGood ? undefined : `a whole number from ${min} to ${max}`;
}
