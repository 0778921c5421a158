import type { ReactNode } from 'react';

/** A titled part of a page. */
export function Block({
  title,
  aside,
  children,
}: {
  readonly title: string;
  /** Beside the title: a note, or what one can do. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className="block">
      <div className="block-head">
        <h2>{title}</h2>
        {aside !== undefined && <div className="block-aside">{aside}</div>}
      </div>
      {children}
    </section>
  );
}

/** A name and its value on one line. */
export function Pair({ label, value }: { readonly label: string; readonly value: ReactNode }) {
  return (
    <div className="pair">
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}
