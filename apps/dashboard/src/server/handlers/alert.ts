import { randomUUID } from 'node:crypto';
import type { AlertReply } from '../../contract/alerts.js';
import { silenceSummary } from '../alert-summaries.js';
import { DashboardError } from '../errors.js';
import { type Handlers, ok } from '../handler.js';
import { type Books, type HandlerDeps, needBooks } from '../handler-deps.js';
import { createLastGood } from '../last-good.js';
import { refuseEmptyMatcher } from '../refuse-empty-matcher.js';
import { ruleInWords } from '../rule-words.js';
import { rulesOf } from '../rules-in-force.js';

const MINUTE_MS = 60_000;
/** Releases this long before an alert may be its cause. */
const DEPLOYS_BEFORE_MS = 6 * 60 * MINUTE_MS;

/** One alert, and what a person may do about it. */
export function createAlertHandlers(
  deps: HandlerDeps,
): Pick<Handlers, 'alert' | 'acknowledge' | 'storeSilence' | 'deleteSilence'> {
  const readings = createLastGood<Omit<AlertReply, 'recorded'>>(deps, 0);
  const empty = { alert: null, steps: [], notices: [], deploys: [], meaning: null };
  const describe = (id: string) =>
    readings.read(id, empty, async () => (deps.books === null ? empty : loadAlert(deps, deps.books, id)));
  return {
    async alert({ input }) {
      const reply = await describe(input.id);
      if (reply.recorded && reply.alert === null && reply.steps.length === 0)
        throw new DashboardError('NOT_FOUND', 'No alert has this id; /api/alerts lists them.');
      return ok(reply);
    },
    async acknowledge({ input, visitor }) {
      await needBooks(deps).alerts.acknowledge({
        key: input.id,
        by: visitor.user ?? 'unknown',
        durationMs: input.minutes * MINUTE_MS,
      });
      return ok(await describe(input.id));
    },
    async storeSilence({ input: { minutes, comment, ...matcher }, visitor }) {
      const { alerts } = needBooks(deps);
      refuseEmptyMatcher(matcher, 'A silence without a service, rule or severity would silence everything.');
      const startsAt = deps.nowMs();
      const silence = {
        id: randomUUID(),
        startsAt,
        endsAt: startsAt + minutes * MINUTE_MS,
        createdBy: visitor.user ?? 'unknown',
        comment,
      };
      return { status: 201, body: silenceSummary(await alerts.silence({ ...silence, ...matcher })) };
    },
    async deleteSilence({ input }) {
      if (await needBooks(deps).alerts.endSilence(input.id)) return ok({ id: input.id });
      throw new DashboardError('NOT_FOUND', 'No silence has this id; it may have ended.');
    },
  };
}

async function loadAlert(
  { configuration, config, nowMs }: HandlerDeps,
  { alerts, deploys }: Books,
  id: string,
): Promise<Omit<AlertReply, 'recorded'>> {
  const { alert, steps, notices } = await alerts.one(id);
  const service = alert?.service ?? steps[0]?.service ?? null;
  const rule = alert?.rule ?? steps[0]?.rule;
  const beginsMs = Date.parse(alert?.since ?? steps[0]?.at ?? new Date(nowMs()).toISOString());
  const found = rulesOf(configuration.file().document, config.thresholds).find(({ name }) => name === rule);
  return {
    alert,
    steps,
    notices,
    deploys:
      service === null
        ? []
        : await deploys.between(
            service,
            new Date(beginsMs - DEPLOYS_BEFORE_MS).toISOString(),
            new Date(nowMs()).toISOString(),
          ),
    meaning: found === undefined ? null : ruleInWords(found),
  };
}
