// @ts-check
// The rules of docs/architecture.md that a program can hold the tree to. Pure: files in, faults out.

/** @typedef {{ path: string, text: string }} SourceFile path from the root, with slashes */

/** Names behind which a drawer opens that everything falls into. */
const FORBIDDEN_NAMES = /^(util|utils|helper|helpers|common|shared|misc|core|manager|managers|data|info|tools|lib)$/;

const IMPORT = /(?:^|[\s;}])(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]/g;

/** @param {readonly SourceFile[]} files @returns {string[]} one sentence a fault */
export function findArchitectureFaults(files) {
  return files.flatMap((file) => [...nameFaults(file), ...importFaults(file)]);
}

/** @param {SourceFile} file */
function nameFaults({ path }) {
  const bad = path
    .split('/')
    .slice(2)
    .map((part) => part.replace(/\..*$/, ''))
    .find((part) => FORBIDDEN_NAMES.test(part));
  return bad && path.includes('/src/') ? [`${path}: the name "${bad}" says nothing; name the one thing it holds`] : [];
}

/** @param {SourceFile} file */
function importFaults({ path, text }) {
  const [, kind, name] = /^(packages|apps)\/([^/]+)\/src\//.exec(path) ?? [];
  if (!kind) return [];
  const imports = [...text.matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? '');
  const own = `@nps/${name}`;
  const apps = /^@nps\/(?!oracle-)/;
  const faults = imports.filter((from) =>
    kind === 'packages' ? from.startsWith('@nps/') : apps.test(from) || from === own,
  );
  const sentences = faults.map(
    (from) =>
      `${path}: imports ${from}; ${kind} never import ${kind === 'packages' ? 'another @nps package' : 'an app'}`,
  );
  if (kind !== 'packages' || !path.includes('/src/contract/')) return sentences;
  const outside = imports.filter((from) => !from.startsWith('./') && !/^(\.\.\/)+contract\//.test(from));
  return [...sentences, ...outside.map((from) => `${path}: a contract imports nothing, but imports ${from}`)];
}

/** Versions stand once, in the catalog; a peer's range is a promise to others and stands where it is made. @param {SourceFile} file a package.json @returns {string[]} */
export function findVersionFaults({ path, text }) {
  const manifest = JSON.parse(text);
  return ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((field) =>
    Object.entries(manifest[field] ?? {})
      .filter(([, version]) => !/^(catalog:|workspace:)/.test(String(version)))
      .map(
        ([name, version]) =>
          `${path}: ${name} is "${version}"; write "catalog:" and put the version into pnpm-workspace.yaml`,
      ),
  );
}

const ROOTED = /^(?:packages|apps|development|docs|infrastructure|\.github|\.ci)\/[\w@./-]*[\w/]$/;

/**
 * Paths named in a Markdown file: links to files, and code spans that start at a top-level folder.
 * @param {SourceFile} file @returns {string[]} paths from the root, without fragments
 */
export function findNamedPaths({ path, text }) {
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : '';
  const prose = text.replaceAll(/```[\s\S]*?```/g, '');
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => (match[1] ?? '').replace(/#.*$/, ''))
    .filter((link) => link !== '' && !/^[a-z]+:/i.test(link))
    .map((link) => normalise(link.startsWith('/') ? link.slice(1) : folder + link));
  const spans = [...prose.matchAll(/`([^`\s]+)`/g)].map((match) => match[1] ?? '').filter((span) => ROOTED.test(span));
  return [...new Set([...links, ...spans])];
}

/** @param {string} path */
function normalise(path) {
  /** @type {string[]} */
  const parts = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
