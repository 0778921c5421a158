import type { ReactNode } from 'react';

/** One column: what stands above it and what stands in it. */
export interface Column<T> {
  readonly head: string;
  readonly cell: (row: T) => ReactNode;
  /** `name` is the row's header, `number` is right-aligned, `words` may be long; default: short text that does not wrap. */
  readonly kind?: 'name' | 'number' | 'words' | 'action';
  /** Left out where there is no room: on a phone the others must do. */
  readonly side?: boolean;
  readonly title?: (row: T) => string | undefined;
}

/** Every table of the page but the overview's. */
export function Table<T>({
  label,
  columns,
  rows,
  keyOf,
}: {
  /** What it lists, for those who do not see it. */
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
}) {
  return (
    <table className="plain">
      <caption className="hidden">{label}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.head} scope="col" className={classOf(column)}>
              {column.kind === 'action' ? <span className="hidden">{column.head}</span> : column.head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map((column) => {
              const common = { className: classOf(column), title: column.title?.(row), children: column.cell(row) };
              return column.kind === 'name' ? (
                <th key={column.head} scope="row" {...common} />
              ) : (
                <td key={column.head} {...common} />
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const classes: Readonly<Record<NonNullable<Column<never>['kind']>, string>> = {
  name: 'wrap',
  number: 'number',
  words: 'words',
  action: 'number',
};

function classOf({ kind, side }: Pick<Column<never>, 'kind' | 'side'>): string {
  return `${kind === undefined ? 'nowrap' : classes[kind]}${side === true ? ' side' : ''}`;
}
