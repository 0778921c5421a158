// A logger in ten lines. Run: npm run build && node examples/start.mjs
import { createLogger, logOperation, runWithContext } from '@nps/oracle-logger';

const logger = createLogger({ service: 'oracle', directory: './logs', console: 'json' });
logger.info('Reading completed', { user_id: 'u-17', action: 'reading', duration_ms: 812 });
logOperation(logger, 'WARN', 'Slow reading', { userId: 'u-17', action: 'reading', durationMs: 12_000 });
runWithContext({ request_id: 'r-1' }, () => logger.info('Asked the model', { api_key: 'is never shown' }));
logger.error('Reading failed', new Error('AI timed out'));
await logger.close();
