import type { Health } from '@nps/oracle-health';
import type { OracleLogger } from '@nps/oracle-logger';
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import { type Faults, parseFault } from './faults.js';
import { toProblem } from './problem.js';

export interface FaultRouteDeps {
  readonly faults: Faults;
  readonly health: Health;
  readonly logger: OracleLogger;
}

/** `GET /faults` tells what is switched on, `POST /faults` switches; handed to the sidecar only when ORACLE_FAULTS=on. */
export function createFaultRoute(deps: FaultRouteDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.get('/faults', (_request, response) => void response.json(deps.faults.current()));
  app.post('/faults', express.json({ limit: '1kb' }), switchFault(deps));
  const answerError: ErrorRequestHandler = (error, _request, response, _next) => {
    const answer = toProblem(error);
    response.status(answer.status).type('application/problem+json').send(JSON.stringify(answer));
  };
  app.use(answerError);
  return app;
}

function switchFault({ faults, health, logger }: FaultRouteDeps) {
  return async (request: Request, response: Response): Promise<void> => {
    const fault = parseFault(request.body);
    faults.switchTo(fault);
    logger.warn(`fault switched to ${fault.fault}`, { action: 'switch_fault', ...fault });
    // So that the answer to the next GET /health is true already.
    await health.check();
    response.json(faults.current());
  };
}
