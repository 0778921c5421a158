import type { Objective, SloReply } from '../../contract/slo.js';
import { type BudgetState, budgetState } from '../budget-state.js';
import { formatAvailability, formatPercent, UNKNOWN } from '../format-number.js';
import { formatDuration } from '../format-time.js';
import { useNowMs, usePage } from '../page-context.js';
import { BudgetBar } from '../parts/BudgetBar.js';
import { Empty } from '../parts/Empty.js';
import { Headline } from '../parts/Headline.js';
import { Link } from '../parts/Link.js';
import { StatusMark } from '../parts/StatusMark.js';
import { type Column, Table } from '../parts/Table.js';
import { usePoll } from '../use-poll.js';

const DAY_MS = 86_400_000;

/** How much of the promise is left, and at what pace is it used? */
export function Slo() {
  const { call } = usePage();
  const nowMs = useNowMs();
  const { reply, fault } = usePoll('slo', (signal) => call('slo', {}, signal), 30_000);
  if (reply === null)
    return <Headline status="no_data" text={fault === null ? 'Working out the budgets …' : fault.message} />;
  if (reply.objectives.every(({ left_ratio: left }) => left === null)) {
    return (
      <>
        <Headline status="no_data" text="No availability is recorded yet." />
        <Empty text="Budgets need history: run the alerter with the same DATABASE_URL as this dashboard." />
      </>
    );
  }
  return (
    <>
      <Headline {...sentence(reply, nowMs)} />
      <Table
        label="Error budgets, the most endangered first"
        rows={mostEndangeredFirst(reply.objectives)}
        keyOf={({ service }) => service}
        columns={columnsAt(nowMs)}
      />
      <p className="dim note">
        {reply.target_percent} % over {reply.window_days} days. A pace of 1× uses the budget up exactly at their end,
        14× within two days. Degraded time counts as available.
      </p>
    </>
  );
}

const marks: Readonly<Record<BudgetState, readonly ['no_data' | 'down' | 'degraded' | 'healthy', string]>> = {
  unknown: ['no_data', 'unknown'],
  spent: ['down', 'used up'],
  burning: ['degraded', 'burning'],
  low: ['degraded', 'low'],
  fine: ['healthy', 'fine'],
};

function sentence({ objectives, window_days: days }: SloReply, nowMs: number) {
  const named = (state: BudgetState) => objectives.filter((each) => budgetState(each) === state);
  const names = (some: readonly Objective[]) => some.map(({ display_name: name }) => name).join(', ');
  const spent = named('spent');
  if (spent.length > 0)
    return {
      status: 'down',
      text: `${names(spent)} ${spent.length === 1 ? 'has' : 'have'} used up the error budget.`,
    } as const;
  const burning = named('burning');
  const [first] = burning;
  if (first !== undefined) {
    const rest = lastsText(first, nowMs);
    const text =
      burning.length === 1
        ? `${first.display_name} is using its error budget up: ${rest} left at this pace.`
        : `${names(burning)} are using their error budgets up.`;
    return { status: 'degraded', text } as const;
  }
  const watched = Math.min(1, ...objectives.map(({ observed_ratio: ratio }) => ratio)) * days;
  const soFar = watched < 0.9 * days ? `, watched for ${formatDuration(watched * DAY_MS)} of ${days} days` : '';
  return { status: 'healthy', text: `Every service is within its error budget${soFar}.` } as const;
}

const gravity: readonly BudgetState[] = ['spent', 'burning', 'low', 'fine', 'unknown'];

/** One that burns stands above one of which less is left; among equals the order of the reply stays. */
function mostEndangeredFirst(objectives: readonly Objective[]): readonly Objective[] {
  const place = (objective: Objective) => gravity.indexOf(budgetState(objective));
  return [...objectives].sort((a, b) => place(a) - place(b));
}

function lastsText({ left_ratio: left, exhausted_at: ends }: Objective, nowMs: number): string {
  if (left === null) return UNKNOWN;
  if (left <= 0) return 'used up';
  return ends === null ? '> 30 days' : formatDuration(Date.parse(ends) - nowMs);
}

function columnsAt(nowMs: number): readonly Column<Objective>[] {
  const state = (objective: Objective) => marks[budgetState(objective)];
  return [
    {
      head: 'Budget',
      cell: (objective) => <StatusMark mark={state(objective)[0]} word={state(objective)[1]} />,
    },
    {
      head: 'Service',
      kind: 'name',
      cell: ({ service, display_name: name }) => <Link to={{ place: 'services', item: service }}>{name}</Link>,
    },
    {
      head: 'Available',
      kind: 'number',
      side: true,
      cell: ({ availability }) => formatAvailability(availability),
      title: () => 'Of the time it was watched',
    },
    {
      head: 'Watched',
      kind: 'number',
      side: true,
      cell: ({ observed_ratio: observed }) => formatPercent(observed * 100),
      title: () => 'Share of the window somebody looked',
    },
    {
      head: 'Budget left',
      kind: 'number',
      cell: ({ left_ratio: left }) => (
        <>
          <BudgetBar left={left} />
          <span className="figure">
            {left === null ? UNKNOWN : left < 0 ? `−${formatPercent(-left * 100)}` : formatPercent(left * 100)}
          </span>
        </>
      ),
    },
    {
      head: 'Down, allowed',
      kind: 'number',
      side: true,
      cell: ({ used_minutes: used, budget_minutes: budget }) => `${used.toFixed(1)} of ${budget.toFixed(1)} min`,
    },
    ...(['1h', '6h', '1d', '3d'] as const).map(
      (window): Column<Objective> => ({
        head: `Pace, ${window.replace(/(\d)/, '$1 ')}`,
        kind: 'number',
        side: true,
        cell: ({ burn }) => paceOf(burn.find((each) => each.window === window)?.rate ?? null),
      }),
    ),
    { head: 'Lasts', kind: 'number', cell: (objective) => lastsText(objective, nowMs) },
  ];
}

function paceOf(rate: number | null) {
  if (rate === null) return UNKNOWN;
  const text = `${rate >= 100 ? Math.round(rate) : Number(rate.toFixed(1))}×`;
  return rate > 6 ? <span className="bad">{text}</span> : text;
}
