// Requests at a fixed rhythm: late answers do not slow the asking down, so waiting in a queue is counted.
import { Agent, get } from 'node:http';

/**
 * @param onFailure told of an answer other than 200, and of none; without it the first one ends everything
 * @returns milliseconds of every answer, from the moment it was due to be asked, in order of size
 */
export async function askSteadily(urlOf, { perSecond, seconds, onFailure }) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const startedAt = performance.now();
  const answers = Array.from({ length: perSecond * seconds }, async (_, turn) => {
    const dueAt = startedAt + (turn * 1000) / perSecond;
    await new Promise((resolve) => setTimeout(resolve, dueAt - performance.now()));
    const answered = ask(urlOf(turn), agent);
    await (onFailure === undefined ? answered : answered.catch(onFailure));
    return performance.now() - dueAt;
  });
  const times = await Promise.all(answers);
  agent.destroy();
  return times.sort((a, b) => a - b);
}

/** Asks one after the other. */
export async function askInTurn(urls) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const times = [];
  for (const url of urls) {
    const startedAt = performance.now();
    await ask(url, agent);
    times.push(performance.now() - startedAt);
  }
  agent.destroy();
  return times.sort((a, b) => a - b);
}

export const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)];

function ask(url, agent) {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, headers: { 'accept-encoding': 'gzip' } }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${url} answered ${response.statusCode}`));
      response.resume();
      response.once('end', resolve);
      response.once('error', reject);
    });
    request.once('error', reject);
  });
}
