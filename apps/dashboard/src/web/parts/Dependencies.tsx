import type { Dependency } from '../../contract/status.js';
import { readable } from '../standing.js';
import { markOf, StatusMark } from './StatusMark.js';

/** Checks that measure the process itself; in the overview they are named only when they fail. */
const ownResources = new Set(['uptime', 'event_loop', 'memory', 'disk']);

/** What a service depends on, as small marks: everything that fails, then the rest while there is room. */
export function Dependencies({
  dependencies,
  unknown,
}: {
  readonly dependencies: readonly Dependency[];
  /** Why there may be none. */
  readonly unknown: string;
}) {
  const shown = dependencies.filter(
    ({ name, status }) => !ownResources.has(name) || status === 'error' || status === 'warning',
  );
  if (shown.length === 0)
    return (
      <span className="dim" title={unknown}>
        –
      </span>
    );
  return (
    <ul className="dependencies">
      {shown.slice(0, 5).map((dependency) => (
        <li key={dependency.name} title={titleOf(dependency)}>
          <StatusMark mark={markOf(dependency.status)} word={readable(dependency.name)} />
        </li>
      ))}
      {shown.length > 5 && <li className="dim">+{shown.length - 5}</li>}
    </ul>
  );
}

function titleOf({ name, status, error }: Dependency): string {
  return error === null ? `${readable(name)}: ${status}` : `${readable(name)}: ${status}, ${error}`;
}
