import type { CheckStatus } from '@nps/oracle-health/contract';
import type { Dependency } from '../../contract/status.js';
import { readable } from '../standing.js';
import { markOf, StatusMark } from './StatusMark.js';

/** Checks that measure the process itself; in the overview they are named only when they fail. */
const ownResources = new Set(['uptime', 'event_loop', 'memory', 'disk']);
/** As many names as fit into one line. */
const NAMED = 2;

/** What a service depends on, as small marks in one line: those that fail by name, the rest by name while there is room. */
export function Dependencies({
  dependencies,
  unknown,
}: {
  /** Failing ones first. */
  readonly dependencies: readonly Dependency[];
  /** Why there may be none. */
  readonly unknown: string;
}) {
  const shown = dependencies.filter((dependency) => isFailing(dependency) || !ownResources.has(dependency.name));
  if (shown.length === 0)
    return (
      <span className="dim" title={unknown}>
        –
      </span>
    );
  const named = shown.length <= NAMED ? shown : shown.filter(isFailing).slice(0, NAMED);
  return (
    <ul className="dependencies">
      {named.map((dependency) => (
        <li key={dependency.name} title={titleOf(dependency)}>
          <StatusMark mark={markOf(dependency.status)} word={readable(dependency.name)} />
        </li>
      ))}
      {countsOf(shown.filter((dependency) => !named.includes(dependency))).map(({ result, some }) => (
        <li key={result} title={some.map(titleOf).join('\n')}>
          <StatusMark mark={markOf(result)} word={`${some.length} ${result}`} />
        </li>
      ))}
    </ul>
  );
}

/** Those that are not named, counted by their result: "3 ok". */
function countsOf(dependencies: readonly Dependency[]) {
  return results.flatMap((result) => {
    const some = dependencies.filter(({ status }) => status === result);
    return some.length === 0 ? [] : [{ result, some }];
  });
}

const results: readonly CheckStatus[] = ['error', 'warning', 'ok', 'skipped'];

function isFailing({ status }: Dependency): boolean {
  return status === 'error' || status === 'warning';
}

function titleOf({ name, status, error }: Dependency): string {
  return error === null ? `${readable(name)}: ${status}` : `${readable(name)}: ${status}, ${error}`;
}
