// Imports every entry of an installed package both ways and compares what they export. Usage: import-every-entry.mjs NAME FOLDER
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [name, folder] = process.argv.slice(2);
const manifest = JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8'));
const require = createRequire(join(folder, 'package.json'));
const faults = [];
let entries = 0;
for (const [path, target] of Object.entries(manifest.exports)) {
  // Data such as a schema or package.json has no code to import.
  if (typeof target === 'string' || path.endsWith('.json')) continue;
  const entry = name + path.slice(1);
  entries += 1;
  try {
    const esm = await import(
      pathToFileURL(join(folder, 'node_modules', name, target.import?.default ?? target.default)).href
    );
    const cjs = require(entry);
    const names = (module) =>
      Object.keys(module)
        .filter((key) => !['default', '__esModule', 'module.exports'].includes(key))
        .sort()
        .join();
    if (names(esm) !== names(cjs)) faults.push(`${entry}: import and require export different names`);
  } catch (error) {
    faults.push(`${entry}: ${error.message}`);
  }
}
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exitCode = faults.length > 0 || entries === 0 ? 1 : 0;
