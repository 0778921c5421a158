import { describe, expect, it } from '@jest/globals';
import { referencedVariables, resolveVariables } from '../src/variables.js';

describe('variables in the configuration file', () => {
  it('are replaced at any depth, and what was put in is not searched again', () => {
    const value = { a: ['x${ONE}y', { b: '${TWO}' }], c: 5, d: null };
    expect(resolveVariables(value, { ONE: '1', TWO: '${ONE}' }, 'channels')).toEqual({
      value: { a: ['x1y', { b: '${ONE}' }], c: 5, d: null },
    });
  });

  it('that are not set are named with their place', () => {
    expect(resolveVariables({ telegram: { token: '${MISSING}', list: ['${GONE}'] } }, {}, 'channels')).toEqual({
      faults: [
        'channels.telegram.token: refers to ${MISSING}, which is not set in the environment',
        'channels.telegram.list[0]: refers to ${GONE}, which is not set in the environment',
      ],
    });
  });

  it('are found in the text, tokens of targets included', () => {
    expect(referencedVariables('url: http://${HOST}/${HOST}\ntokenVariable: "API_TOKEN"')).toEqual([
      'HOST',
      'API_TOKEN',
    ]);
    expect(referencedVariables('{"tokenVariable":"JSON_TOKEN"}')).toEqual(['JSON_TOKEN']);
  });
});
