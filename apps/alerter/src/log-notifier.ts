import type { Delivery, Notice, Notifier } from '@nps/oracle-alerts';

/** Where lines go; the logger fits. */
export interface LineLog {
  info(message: string, fields?: object): unknown;
  warn(message: string, fields?: object): unknown;
}

/** The channel of last resort: every notice becomes a readable log line, so that at least somebody watching sees it. */
export function createLogNotifier(log: LineLog): Notifier {
  return {
    kind: 'log',
    send: (notice): Promise<Delivery> => {
      log.info(noticeLine(notice), { action: 'notice', rule: notice.rule, kind: notice.kind });
      return Promise.resolve({ result: 'delivered' });
    },
  };
}

/** Lets the log say what each channel was sent and what it answered. */
export function withSendLog(channel: string, notifier: Notifier, log: LineLog): Notifier {
  return {
    ...notifier,
    send: async (notice, signal) => {
      const delivery = await notifier.send(notice, signal);
      const fields = { action: 'notice', channel, rule: notice.rule, kind: notice.kind, attempt: notice.attempt };
      if (delivery.result === 'delivered') log.info(`sent to ${channel}: ${noticeLine(notice)}`, fields);
      else log.warn(`${channel} ${verb(delivery)} (${delivery.reason}): ${noticeLine(notice)}`, fields);
      return delivery;
    },
  };
}

function verb(delivery: Delivery): string {
  return delivery.result === 'retry' ? 'did not take a notice and will be asked again' : 'refused a notice';
}

function noticeLine({ message }: Notice): string {
  return message.title;
}
