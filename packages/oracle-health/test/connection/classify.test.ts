import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createAddressPolicy } from '../../src/connection/address-policy.js';
import { classify, type ErrorClass, errorClasses } from '../../src/index.js';

const coded = (code: string, more = {}) => Object.assign(new Error('connect to 10.1.2.3 as admin'), { code, ...more });

describe('classify', () => {
  it.each<[string, ErrorClass]>([
    ['ECONNREFUSED', 'REFUSED'],
    ['ECONNRESET', 'RESET'],
    ['ETIMEDOUT', 'TIMEOUT'],
    ['ENOTFOUND', 'DNS'],
    ['EAI_AGAIN', 'DNS'],
    ['EHOSTUNREACH', 'UNREACHABLE'],
    ['EMFILE', 'EXHAUSTED'],
    ['CERT_HAS_EXPIRED', 'TLS'],
    ['CERT_REJECTED', 'TLS'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'TLS'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'TLS'],
    ['HPE_INVALID_CONSTANT', 'MALFORMED'],
    ['HPE_HEADER_OVERFLOW', 'OVERSIZE'],
    ['ERR_HTTP2_ERROR', 'MALFORMED'],
    ['28P01', 'AUTH'],
    ['28000', 'AUTH'],
    ['53300', 'EXHAUSTED'],
    ['57P03', 'LOADING'],
    ['57P05', 'NOT_SERVING'],
    ['08006', 'RESET'],
    ['25006', 'READ_ONLY'],
    ['42P01', 'UNKNOWN'],
    ['LOADING', 'LOADING'],
    ['SOMETHING', 'UNKNOWN'],
  ])('reads the code %s as %s', (code, expected) => {
    expect(classify(coded(code))).toBe(expected);
  });

  it('looks through causes and the attempts of happy eyeballs', () => {
    expect(classify(new Error('fetch failed', { cause: coded('ECONNREFUSED') }))).toBe('REFUSED');
    expect(classify(new AggregateError([new Error('?'), coded('ECONNREFUSED')]))).toBe('REFUSED');
    expect(classify(coded('ODD', { cause: coded('EPIPE') }))).toBe('RESET');
    expect(classify(new DOMException('late', 'TimeoutError'))).toBe('TIMEOUT');
    expect(classify(new AggregateError([]))).toBe('UNKNOWN');
  });

  it('gives a class of the closed list for anything, circles included', () => {
    const circle = new Error('circle');
    circle.cause = circle;
    expect(classify(circle)).toBe('UNKNOWN');
    fc.assert(fc.property(fc.anything(), (value) => errorClasses.includes(classify(value))));
  });
});

describe('createAddressPolicy', () => {
  const allowed = createAddressPolicy();

  it.each([
    '169.254.169.254',
    '169.254.0.1',
    '::ffff:169.254.169.254',
    'fe80::1',
    'fd00:ec2::254',
    '100.100.100.200',
    'no address',
  ])('refuses %s', (address) => {
    expect(allowed(address)).toBe(false);
  });

  it.each(['127.0.0.1', '::1', '10.0.0.1', '172.16.0.1', '192.168.1.1', '8.8.8.8', 'fd00::1', '::ffff:10.0.0.1'])(
    'allows %s',
    (address) => {
      expect(allowed(address)).toBe(true);
    },
  );
});
