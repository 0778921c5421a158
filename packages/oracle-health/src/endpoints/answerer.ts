import type { Health } from '../health.js';
import { createSingleFlight } from '../single-flight.js';
import { answer, type EndpointOptions, type EndpointPath, plainQuestion, type Question } from './answer.js';
import type { Answer } from './reply.js';

/** Answers questions, and gives a crowd that asks the same at nearly the same time one and the same rendering. */
export interface Answerer {
  /** What the plain question was answered with a moment ago, if it still holds. */
  recent(path: EndpointPath): Answer | undefined;
  /** Answers the plain question: no query, no token, JSON. */
  plain(path: EndpointPath): Promise<Answer>;
  answer(question: Question): Promise<Answer>;
}

// A background report this old is the present still.
const reuseMs = 50;

// Whether the service is ready or alive is asked anew every time: nothing of that may be late.
const sharedPaths: readonly EndpointPath[] = ['/health', '/healthz'];

export function createAnswerer(health: Health, options: EndpointOptions): Answerer {
  const kept = new Map<EndpointPath, { readonly given: Answer; readonly at: number }>();
  const flights = new Map(sharedPaths.map((path) => [path, createSingleFlight(() => render(path))]));

  async function render(path: EndpointPath): Promise<Answer> {
    const given = await answer(health, plainQuestion(path), options);
    if (health.phase() !== 'idle') kept.set(path, { given, at: performance.now() });
    return given;
  }

  return {
    recent(path) {
      const last = kept.get(path);
      return last && performance.now() - last.at < reuseMs ? last.given : undefined;
    },
    plain: (path) => flights.get(path)?.run() ?? answer(health, plainQuestion(path), options),
    answer: (question) => answer(health, question, options),
  };
}
