import { useState } from 'react';
import type { SilenceSummary } from '../../contract/alerts.js';
import type { MaintenanceWindowSummary } from '../../contract/maintenance.js';
import { formatClock, formatExact } from '../format-time.js';
import { useNowMs, usePage } from '../page-context.js';
import { useChange } from '../use-change.js';
import { usePoll } from '../use-poll.js';
import { Block } from './Block.js';
import { PlanDialog } from './PlanDialog.js';
import { Refusal } from './Refusal.js';
import { StatusMark } from './StatusMark.js';
import { Table } from './Table.js';

/** One time in which fires are held, whatever made it. */
interface Quiet extends Omit<MaintenanceWindowSummary, 'source'> {
  readonly source: MaintenanceWindowSummary['source'] | 'silence';
}

const days = ['Sundays', 'Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays'];

/** Silences and maintenance: when fires are held, why and by whom; to be ended, and to be planned. */
export function QuietTimes({
  silences,
  onDone,
}: {
  readonly silences: readonly SilenceSummary[];
  readonly onDone: () => void;
}) {
  const { call, zone, signIn } = usePage();
  const nowMs = useNowMs();
  const { reply, again } = usePoll('maintenance', (signal) => call('maintenance', {}, signal), 15_000);
  const [planning, setPlanning] = useState(false);
  const { may, fault, run } = useChange(() => {
    again();
    onDone();
  });
  const windows = reply?.windows ?? [];
  const quiet: readonly Quiet[] = [
    ...silences.filter(({ id }) => !windows.some((window) => window.id === id)).map(quietOf),
    ...windows,
  ];
  return (
    <Block
      title="Silences and maintenance"
      aside={
        <button type="button" className="button" onClick={() => (may ? setPlanning(true) : signIn())}>
          Plan maintenance
        </button>
      }
    >
      <Refusal text={fault} />
      {quiet.length === 0 ? (
        <p className="dim">Nothing is held: every alert is told at once.</p>
      ) : (
        <Table
          label="Times in which fires are held"
          rows={quiet}
          keyOf={({ source, id }) => `${source} ${id}`}
          columns={[
            {
              head: 'State',
              cell: ({ state }) => <StatusMark mark={state === 'active' ? 'silenced' : 'no_data'} word={state} />,
            },
            { head: 'Holds', kind: 'name', cell: heldText },
            {
              head: 'From',
              side: true,
              cell: ({ starts_at: at }) => formatClock(at, nowMs, zone),
              title: ({ starts_at: at }) => formatExact(at),
            },
            {
              head: 'Until',
              cell: ({ ends_at: at }) => formatClock(at, nowMs, zone),
              title: ({ ends_at: at }) => formatExact(at),
            },
            { head: 'By', cell: byText },
            { head: 'Why', kind: 'words', side: true, cell: ({ comment }) => comment ?? '' },
            {
              head: 'Action',
              kind: 'action',
              cell: ({ source, id, state }) =>
                source !== 'file' && (
                  <button
                    type="button"
                    className="button"
                    onClick={() =>
                      void run(() => call(source === 'silence' ? 'deleteSilence' : 'deleteMaintenance', { id }))
                    }
                  >
                    {state === 'active' ? 'End' : 'Call off'}
                  </button>
                ),
            },
          ]}
        />
      )}
      {planning && (
        <PlanDialog
          onClose={() => setPlanning(false)}
          onPlanned={() => {
            setPlanning(false);
            again();
            onDone();
          }}
        />
      )}
    </Block>
  );
}

function quietOf({ id, service, rule, severity, starts_at, ends_at, created_by, comment }: SilenceSummary): Quiet {
  return {
    id,
    service,
    rule,
    severity,
    starts_at,
    ends_at,
    created_by,
    comment,
    source: 'silence',
    state: 'active',
    weekdays: null,
  };
}

function heldText({ rule, service, severity }: Quiet): string {
  return [rule ?? 'every rule', service ?? 'every service', severity].filter((part) => part !== null).join(' · ');
}

function byText({ source, weekdays, created_by: by }: Quiet): string {
  if (source !== 'file') return by ?? '–';
  return weekdays === null || weekdays.length === 0
    ? 'the file, every day'
    : `the file, ${weekdays.map((day) => days[day] ?? '').join(', ')}`;
}
