import type { ReactNode } from 'react';

/** A titled part of a page. */
export function Block({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="block">
      <h2>{title}</h2>
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
