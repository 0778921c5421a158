import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { api } from '../../src/contract/api.js';
import { describeApi } from '../../src/server/openapi.js';

const file = new URL('../../openapi.json', import.meta.url);

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(structuredClone(describeApi()));
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
    expect(validator.version).toBe('3.1');
  });

  it('is the file beside the package; `npm run openapi` writes it anew', () => {
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(describeApi());
  });

  it('has an operation for every line of the endpoint table, each name once', () => {
    const { paths } = describeApi() as { paths: Record<string, Record<string, { operationId: string }>> };
    const names = Object.values(paths).flatMap((operations) =>
      Object.values(operations).map((each) => each.operationId),
    );
    expect(names.sort()).toEqual(Object.keys(api).sort());
  });
});
