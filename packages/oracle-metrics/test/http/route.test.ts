import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { routeOf } from '../../src/http/route.js';

const requestWith = (fields: Record<string, unknown>): IncomingMessage => fields as unknown as IncomingMessage;

describe('routeOf', () => {
  it.each([
    ['a template', { route: { path: '/api/:id' } }, '/api/:id'],
    ['a template below a mount', { baseUrl: '/v1', route: { path: '/api/:id' } }, '/v1/api/:id'],
    ['the root of a mount', { baseUrl: '/v1', route: { path: '/' } }, '/v1'],
    [
      'a mount with an id in it',
      { baseUrl: '/users/0f8fad5b-d9cb-469f-a165-70867728950e', route: { path: '/x' } },
      '/users/:id/x',
    ],
    ['a regular expression', { route: { path: /^\/a.*$/ } }, '^\\/a.*$'],
    ['several templates', { route: { path: ['/a', /b/] } }, '/a|b'],
    ['something odd', { route: { path: 5 } }, 'unmatched'],
    ['no route', { url: '/wp-login.php' }, 'unmatched'],
  ])('names %s', (_name, fields, route) => {
    expect(routeOf(requestWith(fields))).toBe(route);
  });
});
