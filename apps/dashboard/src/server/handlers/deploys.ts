import { type DeploysReply, rangeMs } from '../../contract/history.js';
import { DashboardError } from '../errors.js';
import { type Handlers, ok } from '../handler.js';
import { type HandlerDeps, needBooks } from '../handler-deps.js';
import { createLastGood, PAGE_FRESH_MS } from '../last-good.js';

/** A release in the future would be drawn nowhere; a little is granted to other machines' clocks. */
const AHEAD_MS = 300_000;

/** Reading and marking releases. */
export function createDeployHandlers(deps: HandlerDeps): Pick<Handlers, 'deploys' | 'storeDeploy'> {
  const readings = createLastGood<Omit<DeploysReply, 'recorded'>>(deps, PAGE_FRESH_MS);
  return {
    async deploys({ input: { service, range } }) {
      const toMs = deps.nowMs() + AHEAD_MS;
      const span = [new Date(toMs - rangeMs[range]).toISOString(), new Date(toMs).toISOString()] as const;
      return ok(
        await readings.read(JSON.stringify([service, range]), { deploys: [] }, async () => ({
          deploys: (await deps.books?.deploys.between(service ?? null, ...span)) ?? [],
        })),
      );
    },
    async storeDeploy({ input: { service, version, at }, visitor }) {
      const { deploys } = needBooks(deps);
      const atMs = at === undefined ? deps.nowMs() : Date.parse(at);
      if (atMs > deps.nowMs() + AHEAD_MS)
        throw new DashboardError('INVALID_INPUT', 'A release cannot be in the future.', {
          faults: [{ field: 'at', expected: 'an instant that has passed' }],
        });
      const deploy = await deploys.store({
        service,
        version,
        at: new Date(atMs).toISOString(),
        by: visitor.user ?? 'unknown',
      });
      return { status: 201, body: deploy };
    },
  };
}
