import { status } from '@grpc/grpc-js';
import { describe, expect, it } from '@jest/globals';
import { OracleError } from '../src/errors.js';
import { toStatus } from '../src/grpc/oracle-service.js';
import { toProblem } from '../src/problem.js';

describe('what is told of an error', () => {
  const bug = new TypeError('cannot read /srv/secret of undefined');

  it('is nothing but that it happened, when it is a bug', () => {
    expect(toProblem(bug)).toMatchObject({ status: 500, type: 'urn:nps:problem:internal' });
    expect(toStatus(bug)).toMatchObject({ code: status.INTERNAL });
    expect(JSON.stringify([toProblem(bug), toStatus(bug)])).not.toMatch(/secret|TypeError/);
  });

  it.each([
    ['INVALID_REQUEST', 400, status.INVALID_ARGUMENT],
    ['DATABASE_AWAY', 503, status.UNAVAILABLE],
    ['SERVICE_DOWN', 503, status.UNAVAILABLE],
    ['FAULT_INJECTED', 500, status.INTERNAL],
  ] as const)('%s is HTTP %i and gRPC %i', (code, http, grpc) => {
    const error = new OracleError(code, 'a sentence');
    expect(toProblem(error)).toMatchObject({ status: http, detail: 'a sentence' });
    expect(toStatus(error)).toEqual({ code: grpc, details: 'a sentence' });
  });

  it.each([
    ['charset.unsupported', 415],
    ['encoding.unsupported', 415],
    ['request.aborted', 400],
  ])('a body parser’s %s is HTTP %i', (type, expected) => {
    expect(toProblem(Object.assign(new Error('x'), { type }))).toMatchObject({ status: expected });
  });
});
