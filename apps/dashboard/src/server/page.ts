import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Request, Response } from 'express';
import { DashboardError } from './errors.js';
import { etagOf, isUnchanged } from './unchanged.js';

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

interface PageFile {
  readonly type: string;
  /** File names under assets/ carry a hash of their content and never change. */
  readonly cache: string;
  readonly etag: string;
  readonly identity: Buffer;
  readonly gzip: Buffer;
  readonly br: Buffer;
}

/**
 * The built page, read and compressed once: a request only picks a buffer, so no path from outside ever reaches the disk.
 * Addresses of the page itself (`/services/oracle`) all answer index.html.
 * @param directory where vite put the page; when it is not there the answer says how to build it
 */
export function createPage(directory: string): (request: Request, response: Response) => Promise<void> {
  const files = readFiles(directory);
  return async (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD')
      throw new DashboardError('METHOD', 'Pages are only read.', { headers: { allow: 'GET, HEAD' } });
    const file = files.get(request.path) ?? (extname(request.path) === '' ? files.get('/index.html') : undefined);
    if (file === undefined && files.size === 0)
      throw new DashboardError(
        'UNAVAILABLE',
        'The page is not built; run `npm run build` in apps/dashboard. The API works: /api/status.',
      );
    if (file === undefined) throw new DashboardError('NOT_FOUND', 'No such file.');
    response.set({ 'cache-control': file.cache, vary: 'accept-encoding', etag: file.etag });
    if (isUnchanged(request, file.etag)) {
      response.status(304).end();
      return;
    }
    const encoding = request.acceptsEncodings('br', 'gzip', 'identity');
    response.set('content-type', file.type);
    if (encoding === 'br' || encoding === 'gzip') response.set('content-encoding', encoding).end(file[encoding]);
    else response.end(file.identity);
  };
}

/** The default, 11, gains 8 % and keeps every start of the server waiting for two seconds. */
const brotliOptions = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };

function readFiles(directory: string): ReadonlyMap<string, PageFile> {
  const files = new Map<string, PageFile>();
  for (const path of listFiles(directory)) {
    const name = `/${relative(directory, path).split(sep).join('/')}`;
    const identity = readFileSync(path);
    files.set(name, {
      type: types[extname(path)] ?? 'application/octet-stream',
      cache: name.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      etag: etagOf(identity),
      identity,
      gzip: gzipSync(identity, { level: 9 }),
      br: brotliCompressSync(identity, brotliOptions),
    });
  }
  return files;
}

function listFiles(directory: string): readonly string[] {
  if (statSync(directory, { throwIfNoEntry: false }) === undefined) return [];
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
