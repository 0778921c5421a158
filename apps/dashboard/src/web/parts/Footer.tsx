import { formatBytes, formatMs } from '../format-number.js';
import { usePage } from '../page-context.js';
import { Ago } from './Ago.js';

/** Who watches the watcher: the alerter's and the database's own state, on every page. */
export function Footer() {
  const { reply } = usePage().status;
  if (reply === null) return <footer className="footer" />;
  const { alerter, database } = reply;
  return (
    <footer className="footer">
      <span>
        {alerter.state === 'away' ? (
          'Alerter: no answer'
        ) : (
          <>
            Alerter {alerter.state}, evaluated <Ago at={alerter.last_evaluated_at} unknown="never" />
          </>
        )}
        {alerter.outbox !== null &&
          (alerter.outbox === 0 ? ', outbox empty' : `, oldest notice waits ${Math.round(alerter.outbox)} s`)}
        {alerter.channels !== 'none' && alerter.last_delivery !== null && (
          <>
            , {alerter.last_delivery.channel} last answered <Ago at={alerter.last_delivery.at} />
          </>
        )}
      </span>
      <span>
        {database.state === 'not_configured'
          ? 'PostgreSQL: not configured'
          : database.state === 'away'
            ? 'PostgreSQL: away'
            : `PostgreSQL ${formatMs(database.latency_ms)}, ${database.connections} of ${database.max_connections} connections, ${formatBytes(database.size_bytes)}`}
      </span>
    </footer>
  );
}
