import { afterEach, describe, expect, it } from '@jest/globals';
import { act, render } from '@testing-library/react';
import type { AcknowledgeLinkReply } from '../../src/contract/alerts.js';
import { CallFault } from '../../src/web/call.js';
import { readOwnName, rememberOwnName } from '../../src/web/own-name.js';
import { RuleName } from '../../src/web/parts/RuleName.js';
import { alertSummary, iso, nowMs } from './example-replies.js';
import { openPage } from './page.js';

const BUTTON = 'Acknowledge for 4 hours';
const free: AcknowledgeLinkReply = {
  alert: alertSummary('oracle', { rule: 'error_rate', value: 0.075, title: '⚠️ WARNING: Oracle error rate 7.5%' }),
  unit: 'ratio',
  valid_until: iso(nowMs + 3_600_000),
};
const taken: AcknowledgeLinkReply = {
  ...free,
  unit: null,
  alert: alertSummary('oracle', { acknowledged_by: 'Bob', acknowledged_until: iso(nowMs + 4 * 3_600_000) }),
};
const signedOut = {
  status: new CallFault('refused', 'Sign in first.', 401),
  session: { user: null, may: 'nothing', methods: ['token'] },
};

afterEach(() => window.localStorage.clear());

function giveName(name: string): void {
  const field = document.querySelector<HTMLInputElement>('input[name=by]');
  if (field === null) throw new Error('no field for a name');
  field.value = name;
}

describe('the page of a link', () => {
  it('shows the alert to who is not signed in, and takes it over under the name given', async () => {
    const page = await openPage('/ack/abc-_123', { ...signedOut, acknowledgeLink: free, acknowledgeByLink: taken });
    expect(page.calls).toContainEqual(['acknowledgeLink', { token: 'abc-_123' }]);
    expect(page.text('h1')).toContain('Oracle error rate 7.5%');
    expect(page.text()).toContain('7.5 %');
    expect(page.text()).toContain('Who has itnobody');
    expect(page.calls.map(([name]) => name)).not.toContain('acknowledgeByLink');
    expect(document.querySelector('main')?.className).toBe('');
    giveName(' Bob ');
    page.answer({ acknowledgeLink: taken });
    await page.submit('form');
    await page.settle();
    expect(page.calls).toContainEqual(['acknowledgeByLink', { token: 'abc-_123', by: 'Bob' }]);
    expect(page.text()).toContain('Who has itBob');
    expect(page.text()).not.toContain(BUTTON);
  });

  it('remembers the name on this device', async () => {
    const replies = { acknowledgeLink: free, acknowledgeByLink: taken };
    const first = await openPage('/ack/abc', replies);
    giveName('Ann');
    await first.submit('form');
    await openPage('/ack/def', replies);
    expect(document.querySelector<HTMLInputElement>('input[name=by]')?.value).toBe('Ann');
  });

  it('needs no name', async () => {
    const page = await openPage('/ack/abc', { acknowledgeLink: free, acknowledgeByLink: taken });
    await page.submit('form');
    expect(page.calls).toContainEqual(['acknowledgeByLink', { token: 'abc', by: undefined }]);
  });

  it('says why a link gives nothing, and where to go', async () => {
    const fault = new CallFault(
      'refused',
      'Too late. This alert is over; a later one is open: see the dashboard.',
      410,
    );
    const page = await openPage('/ack/abc', { acknowledgeLink: fault });
    expect(page.text('h1')).toBe('Too late. This alert is over; a later one is open: see the dashboard.');
    expect(document.querySelector('main a[href="/alerts"]')).not.toBeNull();
    expect(page.text()).not.toContain(BUTTON);
  });

  it('says when nothing was taken, and keeps the button', async () => {
    const away = new CallFault('away', 'The dashboard’s server does not answer.');
    const page = await openPage('/ack/abc', { acknowledgeLink: free, acknowledgeByLink: away });
    await page.submit('form');
    expect(page.text('[role=alert]')).toBe('The dashboard’s server does not answer.');
    expect(page.text()).toContain(BUTTON);
    page.answer({ acknowledgeByLink: new Error('unknown') });
    await page.submit('form');
    expect(page.text('[role=alert]')).toContain('It failed');
  });

  it('of no token is the fault of none', async () => {
    const page = await openPage('/ack', { acknowledgeLink: new CallFault('refused', 'The request has faults.', 400) });
    expect(page.text('h1')).toBe('The request has faults.');
  });
});

describe('a dashboard that may not be read without a sign-in', () => {
  it('asks for it in place of every view but a link’s, and shows no longer what an ended session was shown', async () => {
    const page = await openPage('/alerts', signedOut);
    expect(page.text('h1')).toBe('Sign in to see this dashboard.');
    expect(page.text('main button')).toBe('Sign in');
    expect(page.calls.map(([name]) => name)).not.toContain('alerts');
    const ended = await openPage('/', {});
    expect(ended.text('h1')).not.toContain('Sign in');
    ended.answer(signedOut);
    act(() => void document.dispatchEvent(new Event('visibilitychange')));
    await ended.settle();
    await ended.settle();
    expect(ended.text('h1')).toBe('Sign in to see this dashboard.');
    expect(ended.text()).not.toContain('does not answer');
  });
});

describe('a rule’s name', () => {
  it('stays as the file spells it and goes on after an underscore, unless a part is too long for a phone', () => {
    const { container } = render(<RuleName name="certificate_expiring_unpronounceablenames" />);
    expect(container.textContent).toBe('certificate_expiring_unpronounceablenames');
    expect([...container.querySelectorAll('.whole')].map((part) => part.textContent)).toEqual([
      'certificate_',
      'expiring_',
    ]);
    expect(container.querySelectorAll('wbr')).toHaveLength(2);
  });
});

describe('the own name', () => {
  it('is empty and forgotten where the browser refuses storage', () => {
    const refuse = () => {
      throw new Error('refused');
    };
    expect(readOwnName({ getItem: refuse })).toBe('');
    expect(() => rememberOwnName('Ann', { setItem: refuse })).not.toThrow();
  });
});
