// Tells Node that dist/cjs holds CommonJS although the package is `"type": "module"`.
import { writeFileSync } from 'node:fs';

writeFileSync('dist/cjs/package.json', '{"type":"commonjs"}\n');
