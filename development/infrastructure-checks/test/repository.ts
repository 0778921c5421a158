import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, parseAllDocuments } from 'yaml';

/** The root of the checkout. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

export const readText = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Anchors and `<<` resolved, as compose reads it. The caller says what it takes the file for. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the files are ours and tested here
export const readYaml = <T>(path: string): T => parse(readText(path), { merge: true }) as T;

export const readYamlDocuments = (text: string): readonly Record<string, unknown>[] =>
  parseAllDocuments(text).map((document) => document.toJS() as Record<string, unknown>);

/** Every file below a folder, as paths from the root. */
export const listFiles = (folder: string, pattern: RegExp): readonly string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path}`)
    .filter((path) => pattern.test(path) && !path.includes('node_modules'))
    .sort();

/** Whether a program is on this machine; says loudly what is not checked without it. */
export function has(program: string, unchecked: string): boolean {
  const found = spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
  if (!found) process.stderr.write(`SKIPPED: ${program} is not installed: ${unchecked}\n`);
  return found;
}

export interface Outcome {
  readonly status: number | null;
  readonly output: string;
}

/** Runs a program in the root of the checkout; output and complaints together. */
export function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}, input?: string): Outcome {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: ROOT,
    encoding: 'utf8',
    timeout: 60_000,
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, ...env },
    ...(input === undefined ? {} : { input }),
  });
  return { status, output: `${stdout}${stderr}${error ? error.message : ''}` };
}

/** A program that this package depends on. */
export const runOwn = (program: string, args: readonly string[]): Outcome =>
  run(join(ROOT, 'development/infrastructure-checks/node_modules/.bin', program), args);
