// Writes openapi.json, which a test compares with the endpoint table.
import { writeFileSync } from 'node:fs';
import { describeApi } from '../dist/server/openapi.js';

writeFileSync(new URL('../openapi.json', import.meta.url), `${JSON.stringify(describeApi(), null, 2)}\n`);
