import { describe, expect, it } from '@jest/globals';
import { createRepeatFilter, formatEvent, readEvent } from '../src/event-lines.js';

const line = (record: object): string => JSON.stringify(record);

describe('which lines of an app are events', () => {
  it('shows what the alerter tells, and of the others only trouble', () => {
    expect(readEvent('alerter', line({ level: 'INFO', message: 'sent' }))).toBe('sent');
    expect(readEvent('alerter', line({ level: 'DEBUG', message: 'probed' }))).toBeNull();
    expect(readEvent('dashboard', line({ level: 'INFO', message: 'GET /' }))).toBeNull();
    expect(readEvent('dashboard', line({ level: 'WARN', message: 'no database' }))).toBe('no database');
    expect(readEvent('x', line({ level: 'ERROR', message: 'POST /a', status: 503 }))).toBe('POST /a answered 503');
  });

  it('adds the reason of an error once', () => {
    const error = { message: 'refused' };
    expect(readEvent('alerter', line({ level: 'ERROR', message: 'not stored', error }))).toBe('not stored: refused');
    expect(readEvent('alerter', line({ level: 'ERROR', message: 'was refused', error }))).toBe('was refused');
  });

  it('shows what is no log line as it is, and nothing for an empty one', () => {
    expect(readEvent('load', 'Segmentation fault')).toBe('Segmentation fault');
    expect(readEvent('load', '{broken')).toBe('{broken');
    expect(readEvent('load', '  ')).toBeNull();
    expect(readEvent('load', line({ level: 'ERROR' }))).toBeNull();
  });
});

it('counts repetitions instead of showing them, whatever number stands in them', () => {
  const filter = createRepeatFilter();
  expect(filter('a', 'took 1 ms', 0)).toBe('took 1 ms');
  expect(filter('a', 'took 2 ms', 5_000)).toBeNull();
  expect(filter('b', 'took 2 ms', 5_000)).toBe('took 2 ms');
  expect(filter('a', 'took 3 ms', 11_000)).toBe('took 3 ms (and 1 more like it)');
  for (let i = 0; i < 1_002; i++) filter('c', 'x'.repeat(i + 1), 0); // stays bounded
  expect(filter('c', 'x', 1)).toBe('x');
});

it('writes time, source and text in columns', () => {
  const at = new Date(2026, 1, 8, 14, 30, 5);
  expect(formatEvent({ at, source: 'alerter', text: 'hello' })).toBe('14:30:05  alerter           hello');
});
