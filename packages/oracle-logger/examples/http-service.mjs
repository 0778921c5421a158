// Every line a request causes carries its id. Run: npm run build && node examples/http-service.mjs
import { createServer } from 'node:http';
import { createLogger, requestLogger } from '@nps/oracle-logger';

const logger = createLogger({ service: 'api', directory: './logs', console: false, callSite: true });
const middleware = requestLogger(logger);
const server = createServer((request, response) =>
  middleware(request, response, () => {
    logger.info('Answering');
    response.end('ok');
  }),
);
server.listen(0, '127.0.0.1', async () => {
  await fetch(`http://127.0.0.1:${server.address().port}/readings?token=never-shown`);
  server.close(() => logger.close());
});
