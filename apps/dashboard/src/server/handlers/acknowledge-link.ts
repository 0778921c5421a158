import { type AcknowledgeClaim, readAcknowledgeToken } from '@nps/oracle-alerts';
import type { AcknowledgeLinkReply } from '../../contract/alerts.js';
import { DashboardError, outageOver } from '../errors.js';
import { type Handlers, ok } from '../handler.js';
import { type HandlerDeps, needBooks } from '../handler-deps.js';
import { rulesOf } from '../rules-in-force.js';

const FOUR_HOURS_MS = 4 * 3_600_000;

/** The link of a message: what it is about, and taking it over. The signed token is the credential, for this one act. */
export function createAcknowledgeLinkHandlers(
  deps: HandlerDeps,
): Pick<Handlers, 'acknowledgeLink' | 'acknowledgeByLink'> {
  return {
    async acknowledgeLink({ input }) {
      return ok(await standing(deps, claimOf(deps, input.token)));
    },
    async acknowledgeByLink({ input, visitor }) {
      const claim = claimOf(deps, input.token);
      await standing(deps, claim);
      const { key, incident } = claim;
      const by = input.by ?? visitor.user ?? 'link';
      await needBooks(deps).alerts.acknowledgeOutage({ key, incident, by, durationMs: FOUR_HOURS_MS });
      return ok(await standing(deps, claim));
    },
  };
}

/** @throws DashboardError that says why the token gives nothing */
function claimOf({ config, nowMs }: HandlerDeps, token: string): AcknowledgeClaim {
  if (config.ackLinkSecret === null)
    throw new DashboardError(
      'UNAVAILABLE',
      'This dashboard takes no links: set ACK_LINK_SECRET to the same value as the alerter’s and restart it.',
    );
  const reading = readAcknowledgeToken(config.ackLinkSecret, token, nowMs());
  if (reading.outcome === 'valid') return reading.claim;
  if (reading.outcome === 'expired') {
    const until = `${new Date(reading.claim.validUntil).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
    throw new DashboardError('GONE', `This link was valid until ${until}; open the dashboard.`);
  }
  throw new DashboardError(
    'NOT_FOUND',
    'This is no link of a message: it was cut or altered, or the alerter’s ACK_LINK_SECRET is another. Open the dashboard.',
  );
}

/** @throws DashboardError GONE when the outage is over */
async function standing(deps: HandlerDeps, claim: AcknowledgeClaim): Promise<AcknowledgeLinkReply> {
  const alert = await needBooks(deps).alerts.summary(claim.key);
  const isOpen = alert !== null && alert.phase !== 'ok' && alert.phase !== 'pending';
  if (!isOpen) throw outageOver();
  if (alert.incident !== claim.incident) throw outageOver('a later one is open');
  const rule = rulesOf(deps.configuration.file().document, deps.config.thresholds).find(
    ({ name }) => name === alert.rule,
  );
  return { alert, unit: rule?.unit ?? null, valid_until: new Date(claim.validUntil).toISOString() };
}
