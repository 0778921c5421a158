import { describe, expect, it } from '@jest/globals';
import { findArchitectureFaults, findNamedPaths, findVersionFaults } from '../src/architecture.mjs';

const faultsOf = (path: string, text = ''): string[] => findArchitectureFaults([{ path, text }]);

describe('imports', () => {
  it('lets a package import node, its library and its own files only', () => {
    const path = 'packages/oracle-alerts/src/a.ts';
    expect(faultsOf(path, "import { x } from 'node:fs';\nimport y from 'axios';\nexport * from './b.js';")).toEqual([]);
    expect(faultsOf(path, "import { redact } from '@nps/oracle-logger';")).toHaveLength(1);
    expect(faultsOf(path, "import {\n  redact,\n} from '@nps/oracle-logger';")).toHaveLength(1);
    expect(faultsOf(path, "const x = await import('@nps/oracle-logger');")).toHaveLength(1);
  });

  it('lets an app import packages, and never an app', () => {
    const path = 'apps/alerter/src/a.ts';
    expect(faultsOf(path, "import { redact } from '@nps/oracle-logger';")).toEqual([]);
    expect(faultsOf(path, "import { x } from '@nps/dashboard';")).toHaveLength(1);
  });

  it('lets a contract import its own folder and nothing else', () => {
    const path = 'packages/oracle-health/src/contract/report.ts';
    expect(faultsOf(path, "import { x } from './status.js';")).toEqual([]);
    expect(faultsOf(path, "import { x } from 'node:fs';")).toHaveLength(1);
    expect(faultsOf(path, "import type { x } from '../health.js';")).toHaveLength(1);
  });
});

describe('names', () => {
  it('refuses drawers that everything falls into', () => {
    expect(faultsOf('packages/oracle-health/src/utils.ts')).toHaveLength(1);
    expect(faultsOf('apps/dashboard/src/web/common/table.tsx')).toHaveLength(1);
    expect(faultsOf('packages/oracle-health/src/check.ts')).toEqual([]);
  });
});

describe('versions', () => {
  it('wants every version in the catalog', () => {
    const text = JSON.stringify({
      dependencies: { a: '^1.0.0', b: 'catalog:' },
      devDependencies: { c: 'workspace:*' },
    });
    expect(findVersionFaults({ path: 'package.json', text })).toEqual([expect.stringContaining('a is "^1.0.0"')]);
  });
});

describe('paths named in Markdown', () => {
  const named = (text: string, path = 'docs/x.md'): string[] => findNamedPaths({ path, text });

  it('finds links relative to the file, and code spans that start at a top-level folder', () => {
    expect(named('see [a](../README.md#top) and `packages/oracle-logger/src`')).toEqual([
      'README.md',
      'packages/oracle-logger/src',
    ]);
  });

  it('leaves out web addresses, code blocks, patterns and words', () => {
    expect(named('[a](https://x.y) `npm start` `packages/*/src` `a/b`\n```\n`apps/none`\n```')).toEqual([]);
  });
});
