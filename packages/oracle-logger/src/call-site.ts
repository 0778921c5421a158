/** Where a line was logged: fields `filename` and `line`. */
export interface CallSite {
  readonly filename: string;
  readonly line: number;
}

/** More frames than this never lie between the caller's line and this file. */
const mostFrames = 12;

/** `at name (file:///app/main.js:10:5)` and `at /app/main.js:10:5` */
const frame = /\(?((?:file:\/\/)?[^\s()]+):(\d+):\d+\)?$/;

/**
 * The nearest frame outside of this package's folder and of the modules it is installed beside; null when there is none.
 * Costs 2–4 µs: engines write stack traces as text.
 */
export function findCallSite(): CallSite | null {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = mostFrames;
  const stack = new Error().stack ?? '';
  Error.stackTraceLimit = limit;
  const frames = stack
    .split('\n')
    .slice(1)
    .map((line) => frame.exec(line));
  const own = folderOf(frames[0]?.[1] ?? '');
  const found = frames.find(
    (match) => match !== null && !(match[1] ?? '').startsWith(own) && !isLibrary(match[1] ?? ''),
  );
  return found === null || found === undefined ? null : { filename: found[1] ?? '', line: Number(found[2]) };
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1) || '\0';
}

function isLibrary(path: string): boolean {
  return path.startsWith('node:') || /[\\/]node_modules[\\/](?:winston|readable-stream)[\\/]/.test(path);
}
