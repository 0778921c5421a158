import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  alertmanagerNotifier,
  type Notifier,
  pagerDutyNotifier,
  slackNotifier,
  telegramNotifier,
  webhookNotifier,
} from '../../src/index.js';
import { type HttpPeer, type PeerAnswer, startHttpPeer } from './http-peer.js';
import { recovery, sampleNotice } from './sample-notice.js';

const TOKEN = `${'1'.repeat(9)}:${'t'.repeat(35)}`;
const SECRET = 's'.repeat(40);

interface Channel {
  readonly accepts: PeerAnswer;
  readonly configure: (url: string) => Notifier;
  readonly secret: string;
  readonly formRefusal?: PeerAnswer;
}

const channels: Readonly<Record<string, Channel>> = {
  telegram: {
    accepts: { status: 200, body: '{"ok":true,"result":{"message_id":77}}' },
    configure: (apiUrl) => telegramNotifier.configure({ token: TOKEN, chatId: '-100', threadId: 5, apiUrl }),
    secret: TOKEN,
    formRefusal: { status: 400, body: `{"ok":false,"description":"Bad Request: can't parse entities"}` },
  },
  slack: {
    accepts: { status: 200, body: 'ok' },
    configure: (url) => slackNotifier.configure({ url: `${url}/services/${SECRET}` }),
    secret: SECRET,
    formRefusal: { status: 400, body: 'invalid_blocks' },
  },
  pagerduty: {
    accepts: { status: 202, body: '{"status":"success"}' },
    configure: (url) => pagerDutyNotifier.configure({ url, routingKey: 'k'.repeat(32) }),
    secret: 'k'.repeat(32),
  },
  webhook: {
    accepts: { status: 204 },
    configure: (url) => webhookNotifier.configure({ url, secret: SECRET }),
    secret: SECRET,
  },
  alertmanager: {
    accepts: { status: 200 },
    configure: (url) => alertmanagerNotifier.configure({ url, bearerToken: SECRET }),
    secret: SECRET,
  },
};

describe.each(Object.entries(channels))('the %s channel', (_name, channel) => {
  let peer: HttpPeer;
  let notifier: Notifier;
  beforeEach(async () => {
    peer = await startHttpPeer(channel.accepts);
    notifier = channel.configure(peer.url);
  });
  afterEach(() => peer.stop());
  const send = (signal: AbortSignal = AbortSignal.timeout(5000)) => notifier.send(sampleNotice(), signal);

  it('delivers, and says under which id', async () => {
    expect(await send()).toMatchObject({ result: 'delivered' });
    expect(peer.requests).toHaveLength(1);
  });

  it('asks for another try after 500, 503, 408 and 425', async () => {
    peer.next({ status: 500 }, { status: 503 }, { status: 408 }, { status: 425 });
    for (const status of [500, 503, 408, 425])
      expect(await send()).toEqual({ result: 'retry', reason: `HTTP ${status}` });
  });

  it('passes on how long a 429 wants to be left alone', async () => {
    peer.next(
      { status: 429, headers: { 'retry-after': '7' } },
      { status: 429 },
      { status: 429, headers: { 'retry-after': '9e9' } },
    );
    expect(await send()).toEqual({ result: 'retry', reason: 'HTTP 429', retryAfterMs: 7000 });
    expect(await send()).toEqual({ result: 'retry', reason: 'HTTP 429' });
    expect(await send()).toEqual({ result: 'retry', reason: 'HTTP 429', retryAfterMs: 3_600_000 });
  });

  it('is refused for good by 401, 403 and 404', async () => {
    peer.next({ status: 401 }, { status: 403 }, { status: 404 });
    for (const status of [401, 403, 404])
      expect(await send()).toEqual({ result: 'rejected', reason: `HTTP ${status}` });
  });

  it('does not follow a redirect', async () => {
    peer.next({ status: 302, headers: { location: `${peer.url}/elsewhere` } });
    expect((await send()).result).toBe('rejected');
    expect(peer.requests).toHaveLength(1);
  });

  it('obeys the signal, and gives no secret away when nothing answers', async () => {
    peer.next('silence');
    const delivery = await send(AbortSignal.timeout(100));
    expect(delivery).toEqual({ result: 'retry', reason: 'no answer in time' });
    peer.next('reset');
    const reset = await send();
    expect(reset.result).toBe('retry');
    await peer.stop();
    const refused = await send();
    expect(refused).toEqual({ result: 'retry', reason: 'ECONNREFUSED' });
    expect(JSON.stringify([delivery, reset, refused])).not.toContain(channel.secret);
  });

  it('does not read an endless answer', async () => {
    peer.next({ status: 500, body: 'x'.repeat(1_000_000) });
    expect((await send()).result).toBe('retry');
  });

  it('tells every fault of its options at once, without their values', () => {
    const kinds = [telegramNotifier, slackNotifier, pagerDutyNotifier, webhookNotifier, alertmanagerNotifier];
    const kind = kinds.find((candidate) => candidate.kind === _name);
    for (const options of [null, [], 'text', {}]) expect(() => kind?.configure(options)).toThrow(/channel of kind/);
    const wrong = {
      url: 'ftp://hidden',
      token: 'hid den',
      chatId: {},
      routingKey: 'hidden',
      apiUrl: 'hidden',
      secret: '',
      unknown: 1,
    };
    try {
      kind?.configure(wrong);
      throw new Error('expected a refusal');
    } catch (error) {
      expect(error).toMatchObject({ code: 'INVALID_CHANNEL' });
      expect(String(error)).toContain('"unknown" is not an option');
      expect(String(error)).not.toContain('hidden');
    }
  });
});

describe.each(Object.entries(channels).filter(([, channel]) => channel.formRefusal !== undefined))(
  'the %s channel, refused for the form of a message',
  (_name, channel) => {
    it('sends the same once more as plain text', async () => {
      const peer = await startHttpPeer(channel.accepts);
      try {
        peer.next(channel.formRefusal ?? { status: 400 });
        expect((await channel.configure(peer.url).send(sampleNotice(), AbortSignal.timeout(5000))).result).toBe(
          'delivered',
        );
        expect(peer.requests).toHaveLength(2);
        const second = JSON.parse(peer.requests[1]?.body ?? '') as Record<string, unknown>;
        expect(second['parse_mode']).toBeUndefined();
        expect(second['blocks']).toBeUndefined();
        expect(second['text']).toContain('Oracle service is DOWN!');
        peer.next(channel.formRefusal ?? { status: 400 }, channel.formRefusal ?? { status: 400 });
        expect((await channel.configure(peer.url).send(sampleNotice(), AbortSignal.timeout(5000))).result).toBe(
          'rejected',
        );
        expect(peer.requests).toHaveLength(4);
      } finally {
        await peer.stop();
      }
    });
  },
);

describe('what the channels are sent', () => {
  async function bodyOf(configure: (url: string) => Notifier, accepts: PeerAnswer, notice = sampleNotice()) {
    const peer = await startHttpPeer(accepts);
    try {
      await configure(peer.url).send(notice, AbortSignal.timeout(5000));
      const [request] = peer.requests;
      if (request === undefined) throw new Error('nothing was sent');
      return { ...request, json: JSON.parse(request.body) as Record<string, unknown> };
    } finally {
      await peer.stop();
    }
  }
  const of = (name: string, notice = sampleNotice()) => {
    const channel = channels[name];
    if (channel === undefined) throw new Error(name);
    return bodyOf(channel.configure, channel.accepts, notice);
  };

  it('is HTML in the topic of the chat for Telegram, where nobody is mentioned by an error', async () => {
    const { url, json } = await of('telegram');
    expect(url).toBe(`/bot${TOKEN}/sendMessage`);
    expect(json).toEqual({
      chat_id: '-100',
      message_thread_id: 5,
      parse_mode: 'HTML',
      link_preview_options: { is_disabled: true },
      text: [
        '<b>🚨 CRITICAL: Oracle service is DOWN! Error: &lt;b&gt;ECONNREFUSED&lt;/b&gt; &amp; more</b>',
        'Component: oracle',
        'Time: 2026-02-08 14:30:00 UTC',
        'Error: <code>@everyone &lt;script&gt;</code>',
        'Dashboard: http://127.0.0.1:9000/alerts/%5B%22down%22%2C%22oracle%22%5D',
      ].join('\n'),
    });
    expect((await of('telegram', recovery())).json['disable_notification']).toBe(true);
  });

  it('follows a Telegram group that became a supergroup', async () => {
    const peer = await startHttpPeer({ status: 200, body: '{"ok":true,"result":{}}' });
    const notifier = channels['telegram']?.configure(peer.url);
    try {
      peer.next({ status: 400, body: '{"ok":false,"parameters":{"migrate_to_chat_id":-100777}}' });
      await notifier?.send(sampleNotice(), AbortSignal.timeout(5000));
      await notifier?.send(sampleNotice(), AbortSignal.timeout(5000));
      expect(peer.requests.map((request) => (JSON.parse(request.body) as { chat_id: string }).chat_id)).toEqual([
        '-100',
        '-100777',
        '-100777',
      ]);
    } finally {
      await peer.stop();
    }
  });

  it("obeys Telegram's own word for how long to wait", async () => {
    const peer = await startHttpPeer({ status: 429, body: '{"ok":false,"parameters":{"retry_after":7}}' });
    try {
      const delivery = await channels['telegram']?.configure(peer.url).send(sampleNotice(), AbortSignal.timeout(5000));
      expect(delivery).toEqual({ result: 'retry', reason: 'HTTP 429', retryAfterMs: 7000 });
    } finally {
      await peer.stop();
    }
  });

  it('does not take the login page of a captive portal for a delivery', async () => {
    for (const name of ['telegram', 'slack', 'pagerduty']) {
      const peer = await startHttpPeer({ status: 200, body: '<html>log in</html>' });
      const delivery = await channels[name]?.configure(peer.url).send(sampleNotice(), AbortSignal.timeout(5000));
      await peer.stop();
      expect(delivery).toEqual({ result: 'retry', reason: "HTTP 200 without the channel's answer" });
    }
  });

  it('triggers and resolves one incident of PagerDuty', async () => {
    const fire = await of('pagerduty');
    const over = await of('pagerduty', recovery());
    expect(fire.json).toMatchObject({
      event_action: 'trigger',
      dedup_key: 'nps:["down","oracle"]',
      payload: { source: 'oracle', severity: 'critical', class: 'down', timestamp: '2026-02-08T14:30:00.000Z' },
    });
    expect(over.json).toMatchObject({ event_action: 'resolve', dedup_key: 'nps:["down","oracle"]' });
  });

  it("has Alertmanager's v4 shape in the webhook, with signatures that a receiver can check", async () => {
    const { json, headers, body } = await of('webhook', recovery());
    expect(json).toMatchObject({
      version: '4',
      status: 'resolved',
      groupKey: 'nps:["down","oracle"]',
      commonLabels: { alertname: 'down', severity: 'critical' },
      alerts: [
        {
          status: 'resolved',
          labels: { service: 'oracle' },
          startsAt: '2026-02-08T14:30:00.000Z',
          endsAt: '2026-02-08T14:31:00.000Z',
        },
      ],
    });
    const timestamp = String(headers['webhook-timestamp']);
    const hex = createHmac('sha256', SECRET).update(`${timestamp}.${body}`).digest('hex');
    expect(headers['x-nps-signature']).toBe(`t=${timestamp},v1=${hex}`);
    const base64 = createHmac('sha256', SECRET).update(`notice-2.${timestamp}.${body}`).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${base64}`);
    expect((await of('webhook')).json['alerts']).toMatchObject([{ status: 'firing', endsAt: '0001-01-01T00:00:00Z' }]);
    const unsigned = await bodyOf((url) => webhookNotifier.configure({ url }), { status: 200 });
    expect(unsigned.headers['webhook-signature']).toBeUndefined();
  });

  it('identifies an alert of Alertmanager by the same labels from fire to recovery', async () => {
    const labels = { '9job name': 'nightly', empty: '' };
    const fire = await of('alertmanager', sampleNotice({ labels }));
    const over = await of('alertmanager', { ...recovery(), labels });
    expect(fire.url).toBe('/api/v2/alerts');
    expect(fire.headers['authorization']).toBe(`Bearer ${SECRET}`);
    const [open] = fire.json as unknown as [{ labels: object; endsAt: string }];
    const [closed] = over.json as unknown as [{ labels: object; endsAt: string }];
    expect(open.labels).toEqual({ alertname: 'down', severity: 'critical', service: 'oracle', _9job_name: 'nightly' });
    expect(closed.labels).toEqual(open.labels);
    expect(closed.endsAt).toBe('2026-02-08T14:31:00.000Z');
    expect(open.endsAt > '2026-03').toBe(true);
  });
});
