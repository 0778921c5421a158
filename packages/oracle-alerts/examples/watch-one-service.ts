import {
  createAlertEngine,
  createMemoryStore,
  createSystemClock,
  defaultRules,
  telegramNotifier,
} from '@nps/oracle-alerts';

const engine = createAlertEngine(
  { services: [{ name: 'oracle' }], rules: defaultRules() },
  {
    clock: createSystemClock(),
    store: createMemoryStore(),
    notifiers: {
      ops: telegramNotifier.configure({
        token: process.env['NPS_BOT_TOKEN'],
        chatId: process.env['NPS_CHAT_ID'],
        apiUrl: process.env['TELEGRAM_API_URL'],
      }),
    },
    onError: (error) => process.stderr.write(`${String(error)}\n`),
  },
);
await engine.start();
engine.observe([{ service: 'oracle', signal: 'disk_used_ratio', labels: {}, value: 0.97, at: Date.now() }]);
engine.observe([{ service: 'oracle', signal: 'disk_used_ratio', labels: {}, value: 0.97, at: Date.now() }]);
setTimeout(() => void engine.stop(), 4000);
