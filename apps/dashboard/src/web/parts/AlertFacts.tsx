import type { ServiceMoment } from '../../contract/alert-context.js';
import type { AlertSummary } from '../../contract/alerts.js';
import { Ago } from './Ago.js';
import { Block, Pair } from './Block.js';
import { Link } from './Link.js';
import { StatusMark } from './StatusMark.js';

/** What is known of an alert: where, by which rule, since when, who has it, how the others were then. */
export function AlertFacts({
  alert,
  service,
  rule,
  meaning,
  words,
  value,
  since,
  others,
}: {
  readonly alert: AlertSummary | null;
  readonly service: string;
  readonly rule: string;
  /** The rule to the letter, and for people. */
  readonly meaning: string | null;
  readonly words: string | null;
  /** In its unit. */
  readonly value: string | null;
  readonly since: string | null;
  /** The other services when it began; `null` while that is not known. */
  readonly others: readonly ServiceMoment[] | null;
}) {
  return (
    <Block title="About it">
      <dl className="pairs one">
        <Pair label="Service" value={<Link to={{ place: 'services', item: service }}>{service}</Link>} />
        <Pair label="Rule" value={rule} />
        {words !== null && <Pair label="Fires when" value={words} />}
        {meaning !== null && <Pair label={words === null ? 'Fires when' : 'Exactly'} value={meaning} />}
        {value !== null && <Pair label="Value" value={value} />}
        <Pair label="Began" value={<Ago at={since} />} />
        {alert?.announced_at != null && <Pair label="Announced" value={<Ago at={alert.announced_at} />} />}
        {alert?.told_at != null && <Pair label="First delivered" value={<Ago at={alert.told_at} />} />}
        {alert?.acknowledged_by != null && (
          <Pair
            label="Acknowledged"
            value={
              <>
                {alert.acknowledged_by}, <Ago at={alert.acknowledged_at} />
              </>
            }
          />
        )}
        {alert?.resolved_at != null && <Pair label="Resolved" value={<Ago at={alert.resolved_at} />} />}
        {others !== null && <Pair label="Other services then" value={<Others others={others} />} />}
      </dl>
    </Block>
  );
}

function Others({ others }: { readonly others: readonly ServiceMoment[] }) {
  const unwell = others.filter(({ status }) => status !== 'healthy');
  if (others.length === 0) return 'no other is watched';
  if (unwell.length === 0) return 'all healthy';
  return (
    <ul className="dependencies">
      {unwell.slice(0, 6).map(({ name, display_name: title, status }) => (
        <li key={name}>
          <StatusMark mark={status} word={`${title}: ${status.replace('_', ' ')}`} />
        </li>
      ))}
      {unwell.length > 6 && <li className="dim">+{unwell.length - 6}</li>}
    </ul>
  );
}
