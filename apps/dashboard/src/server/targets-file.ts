import { readFileSync } from 'node:fs';
import { parseTargets } from '@nps/oracle-health/client';
import type { Target } from '@nps/oracle-health/contract';
import { parse as parseYaml } from 'yaml';
import { codeOf } from './code-of.js';
import type { DashboardConfig } from './config.js';
import { type Document, faultsOf } from './rules-in-force.js';

/** The operator's file as far as the dashboard shows it. */
export interface TargetsFile {
  readonly targets: readonly Target[];
  /** The whole file as it was written: variables unresolved, so no secret is in it. */
  readonly document: Document;
  /** What the document was read from; empty without a file. */
  readonly text: string;
}

export type TargetsResult =
  | { readonly outcome: 'targets'; readonly file: TargetsFile }
  | { readonly outcome: 'faults'; readonly faults: readonly string[] };

/** What lies at the file's place: its text, or why there is none. */
export interface FoundFile {
  readonly outcome: 'text' | 'unreadable';
  readonly text: string;
}

type FileConfig = Pick<DashboardConfig, 'configPath' | 'oracleUrl' | 'environment'>;

/** As the alerter's: a wrong path must not read a disk image into memory. */
const MOST_CHARACTERS = 4_000_000;

/** Reads the targets of the file the alerter reads too (JSON or YAML); without one there is a single target, the Oracle. */
export function readTargets(config: FileConfig): TargetsResult {
  if (config.configPath !== null) return checkText(findFile(config.configPath), config);
  return checkTargets({ targets: [{ name: 'oracle', kind: 'service', url: config.oracleUrl }] }, '', config);
}

export function findFile(path: string): FoundFile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const text = `expected a readable JSON or YAML file (${codeOf(cause) ?? 'unreadable'})`;
    return { outcome: 'unreadable', text };
  }
  if (text.length <= MOST_CHARACTERS) return { outcome: 'text', text };
  return { outcome: 'unreadable', text: `expected at most ${MOST_CHARACTERS} characters` };
}

/** Checks its rules, routes and windows too, as the alerter does: one fault and it takes none of the file. */
export function checkWholeFile(found: FoundFile, config: FileConfig): TargetsResult {
  const read = checkText(found, config);
  if (read.outcome === 'faults') return read;
  const faults = faultsOf(read.file.document);
  return faults.length === 0 ? read : { outcome: 'faults', faults };
}

function checkText({ outcome, text }: FoundFile, config: FileConfig): TargetsResult {
  const document = outcome === 'text' ? parseDocument(text) : text;
  if (typeof document !== 'string') return checkTargets(document, text, config);
  return { outcome: 'faults', faults: [`NPS_CONFIG ${config.configPath}: ${document}`] };
}

function checkTargets(document: Document, text: string, { environment }: FileConfig): TargetsResult {
  const parsed = parseTargets(document['targets'], environment);
  return 'faults' in parsed
    ? { outcome: 'faults', faults: parsed.faults }
    : { outcome: 'targets', file: { targets: parsed.targets, document, text } };
}

function parseDocument(text: string): Document | string {
  try {
    // JSON is YAML; one parser reads both. Aliases are bounded against expansion attacks.
    const document: unknown = parseYaml(text, { maxAliasCount: 100 });
    if (typeof document === 'object' && document !== null && !Array.isArray(document)) return { ...document };
    return 'expected an object with a list "targets"';
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n', 1)[0] : 'unreadable';
    return `expected a readable JSON or YAML file (${reason})`;
  }
}
