// Any winston transport or format joins in; what they get is redacted. Run: npm run build && node examples/transports.mjs
import { createLogger } from '@nps/oracle-logger';
import winston from 'winston';

const logger = createLogger({ service: 'scanner', directory: './logs', console: false });
logger.add(new winston.transports.Console({ level: 'warn', format: winston.format.simple() }));
logger.warn('Disk nearly full', { password: 'is never shown' });
logger.level = 'DEBUG';
logger.debug('Seen from now on');
await logger.close();
