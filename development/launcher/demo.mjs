// `npm run demo` may be the first thing somebody tries, before anything is built.
import { existsSync } from 'node:fs';

const built = new URL('./dist/demo-main.js', import.meta.url);
if (existsSync(built)) await import(built.href);
else {
  process.stderr.write('Nothing is built here yet: run npm start in another terminal first.\n');
  process.exitCode = 1;
}
