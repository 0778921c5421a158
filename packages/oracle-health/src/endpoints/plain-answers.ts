import type { Health } from '../health.js';
import { type Answer, answer, type EndpointOptions, type Question } from './answer.js';

// A background report this old is the present still; a crowd of callers costs one rendering.
const reuseMs = 50;

/** Answers like `answer`, and gives the same rendering to all who ask the plain question at nearly the same time. */
export function createAnswerer(health: Health, options: EndpointOptions): (question: Question) => Promise<Answer> {
  const kept = new Map<string, { readonly given: Answer; readonly at: number }>();
  return async (question) => {
    const { path } = question;
    const isReport = path === '/health' || path === '/healthz';
    if (!isReport || !isPlain(question) || health.phase() === 'idle') return answer(health, question, options);
    const last = kept.get(path);
    if (last && performance.now() - last.at < reuseMs) return last.given;
    const given = await answer(health, question, options);
    kept.set(path, { given, at: performance.now() });
    return given;
  };
}

function isPlain({ query, accept, authorization }: Question): boolean {
  return query.size === 0 && authorization === '' && !accept.includes('application/health+json');
}
