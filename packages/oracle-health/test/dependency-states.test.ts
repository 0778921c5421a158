import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase } from '@nps/testing';
import { Pool } from 'pg';
import { answerHealth } from '../src/endpoints/answer.js';
import { createHealth } from '../src/index.js';
import { redisProgram } from './peers/redis-server.js';
import { apiRows, httpRows } from './states/http-rows.js';
import { postgresRows } from './states/postgres-rows.js';
import { realRedisRows, redisRows } from './states/redis-rows.js';
import { password, path, type Row, user } from './states/scene.js';
import { grpcRows, socketRows } from './states/socket-rows.js';

const seen = new Map<string, string>();
let hidden = 0;

async function expectState([dependency, state, expected, build]: Row): Promise<void> {
  const scene = await build();
  try {
    const report = await createHealth({ service: 'oracle', version: '1', checks: [scene.check] }).check();
    const check = report.checks[scene.check.name];
    const outcome = [check?.status, check?.error].filter((word) => word !== undefined).join(' ');
    const question = { path: '/health', query: new URLSearchParams(), accept: '', authorization: '' } as const;
    const shown = answerHealth(report, question, {}).body;
    for (const secret of [user, password, path, '127.0.0.1', 'localhost', 'invalid'])
      expect(shown).not.toContain(secret);
    seen.set(`${dependency}: ${state}`, outcome);
    if (check?.status === 'error') hidden += 1;
    expect(`${outcome}${outcome === expected ? '' : ` (${check?.detail})`}`).toBe(expected);
  } finally {
    await scene.stop();
  }
}

afterAll(() => {
  const table = [...seen].map(([state, outcome]) => `  ${state.padEnd(62)} ${outcome}`).join('\n');
  process.stdout.write(
    `${seen.size} dependency states; ${hidden} failures told without host, user, path or password:\n${table}\n`,
  );
});

describe('the state of a dependency', () => {
  const real = redisProgram ? realRedisRows : [];
  it.each([...redisRows, ...real, ...httpRows, ...apiRows, ...grpcRows, ...socketRows])(
    '%s: %s → %s',
    async (...row) => {
      await expectState(row);
    },
  );
});

describe('the state of PostgreSQL', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let admin: Pool;

  beforeAll(async () => {
    database = await createTestDatabase();
    admin = new Pool({ connectionString: database.connectionString, max: 2 });
    await admin.query(`DROP ROLE IF EXISTS ${user}`);
    await admin.query(`CREATE ROLE ${user} LOGIN PASSWORD '${password}'`);
  });

  afterAll(async () => {
    await admin.query(`DROP OWNED BY ${user}`);
    await admin.query(`DROP ROLE ${user}`);
    await admin.end();
    await database.drop();
  });

  it('is told apart in every state', async () => {
    const rows = postgresRows(database, admin);
    for (const row of rows) await expectState(row);
    expect(rows.length).toBeGreaterThan(15);
  }, 30_000);
});
