import { appendFileSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Transport from 'winston-transport';
import { type Level, wireLevels } from './levels.js';
import type { ResolvedOptions } from './options.js';
import { redact } from './redact/index.js';
import { currentContext } from './request-context.js';

/** Writes each record to the files and to standard output. */
export class LineTransport extends Transport {
  constructor(private readonly options: ResolvedOptions) {
    super();
    if (options.directory !== false) mkdirSync(options.directory, { recursive: true });
  }

  override log(info: Record<string, unknown>, done: () => void): void {
    const { level, message, ...fields } = info;
    const line = `${JSON.stringify(
      redact({
        timestamp: new Date().toISOString(),
        level: wireLevels[level as Level],
        service: this.options.service,
        message,
        logger: this.options.name,
        ...currentContext(),
        ...fields,
      }),
    )}\n`;
    const { directory, service } = this.options;
    if (directory !== false) {
      this.append(join(directory, `${service}.log`), line);
      if (this.options.errorFile && (level === 'error' || level === 'critical')) {
        this.append(join(directory, `${service}_errors.log`), line);
      }
    }
    if (this.options.console !== false) process.stdout.write(line);
    done();
  }

  private append(path: string, line: string): void {
    const sizeBytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (sizeBytes > 0 && sizeBytes + Buffer.byteLength(line) > this.options.maxSizeBytes) this.rotate(path);
    appendFileSync(path, line);
  }

  private rotate(path: string): void {
    rmSync(`${path}.${this.options.backups}`, { force: true });
    for (let n = this.options.backups - 1; n >= 1; n--) {
      if (statSync(`${path}.${n}`, { throwIfNoEntry: false })) renameSync(`${path}.${n}`, `${path}.${n + 1}`);
    }
    renameSync(path, `${path}.1`);
  }
}
