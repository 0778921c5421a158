import { type Level, levels, wireLevels } from '../levels.js';
import { toEcsFields } from './ecs.js';
import { quote } from './json-string.js';

/** How lines of a profile look. */
export interface LineShape {
  /** Between the timestamp's text and the message's JSON, per level. */
  readonly heads: Readonly<Record<Level, string>>;
  /** Before the timestamp's text. */
  readonly start: string;
  /** Name of the field that tells who logged. */
  readonly loggerKey: string;
  /** Names that callers' fields may not take: they get an underscore in front. */
  readonly reserved: ReadonlySet<string>;
  /** Renames callers' fields to the profile's names; null when they stay as they are. */
  readonly rename: ((fields: Record<string, unknown>) => Record<string, unknown>) | null;
}

/** Our own fields (REQUIREMENTS L1). */
export function oracleShape(service: string): LineShape {
  return {
    start: '{"timestamp":"',
    heads: perLevel((level) => `","level":"${wireLevels[level]}","service":${quote(service)},"message":`),
    loggerKey: 'logger',
    reserved: new Set(['timestamp', 'level', 'service', 'message', 'logger']),
    rename: null,
  };
}

/** Elastic Common Schema (https://www.elastic.co/guide/en/ecs/8.11/), as ECS logging writes it: `log.level` is flat. */
export function ecsShape(service: string): LineShape {
  return {
    start: '{"@timestamp":"',
    heads: perLevel(
      (level) =>
        `","log.level":"${wireLevels[level]}","ecs.version":"8.11.0","service.name":${quote(service)},"message":`,
    ),
    loggerKey: 'log.logger',
    reserved: new Set(['@timestamp', 'log.level', 'ecs.version', 'service.name', 'message', 'log.logger']),
    rename: toEcsFields,
  };
}

function perLevel(head: (level: Level) => string): Readonly<Record<Level, string>> {
  return Object.fromEntries(levels.map((level) => [level, head(level)])) as Record<Level, string>;
}
