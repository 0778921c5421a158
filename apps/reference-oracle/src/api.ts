import { createServer, type Server } from 'node:http';
import { type OracleLogger, requestLogger } from '@nps/oracle-logger';
import { httpMetrics, type OracleMetrics } from '@nps/oracle-metrics';
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import type { Calls } from './calls.js';
import { OracleError } from './errors.js';
import { getReading } from './operations/get-reading.js';
import { type Problem, problem, toProblem } from './problem.js';

/** Largest request body. */
const BODY_LIMIT = '16kb';
/** Longer than the keep-alive of the usual load balancers, so that they and not we close an idle connection. */
const KEEP_ALIVE_MS = 65_000;
/** A whole request, headers and body, must be in by then. */
const REQUEST_TIMEOUT_MS = 10_000;
const EXPECTED_TYPE = 'Send a JSON object with Content-Type: application/json.';
const READING_PATH = '/api/oracle/reading';

export interface ApiDeps {
  readonly calls: Calls;
  readonly logger: OracleLogger;
  readonly metrics: OracleMetrics;
}

/** The public HTTP API: `POST /api/oracle/reading`; everything else is refused with a problem (RFC 9457). */
export function createApi({ calls, logger, metrics }: ApiDeps): Server {
  const app: Express = express();
  app.disable('x-powered-by');
  app.use(requestLogger(logger), httpMetrics(metrics));
  app
    .route(READING_PATH)
    .post(express.json({ limit: BODY_LIMIT }), answerReading(calls))
    .all((_request, response) => {
      response.setHeader('Allow', 'POST');
      send(response, problem(405, 'method', 'The method is not allowed', `Only POST is answered at ${READING_PATH}.`));
    });
  app.use((_request, response) => {
    send(response, problem(404, 'not-found', 'There is nothing here', `The only endpoint is POST ${READING_PATH}.`));
  });
  app.use(answerError(logger));
  return createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: REQUEST_TIMEOUT_MS }, app);
}

function answerReading(calls: Calls) {
  return async (request: Request, response: Response): Promise<void> => {
    if (request.is('application/json')) response.json(await calls.call(getReading, request.body));
    else send(response, problem(415, 'body', 'The body is not JSON', EXPECTED_TYPE));
  };
}

function answerError(logger: OracleLogger): ErrorRequestHandler {
  // Express tells an error handler by its four parameters.
  return (error, _request, response, _next) => {
    const answer = toProblem(error);
    if (answer.status === 500 && !(error instanceof OracleError))
      logger.error('a request failed unexpectedly', { error });
    if (response.headersSent) response.destroy();
    else send(response, answer);
  };
}

function send(response: Response, answer: Problem): void {
  if (answer.status === 503) response.setHeader('Retry-After', '5');
  response.status(answer.status).type('application/problem+json').send(JSON.stringify(answer));
}
