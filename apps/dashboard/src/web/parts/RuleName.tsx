import { Fragment } from 'react';

/** Longer parts may break anywhere: no table is to be wider than a phone. */
const LONGEST_WHOLE = 16;

/** A rule's name as the file spells it; where it does not fit in a line it goes on after an underscore. */
export function RuleName({ name }: { readonly name: string }) {
  const parts = name.split(/(?<=_)/);
  return parts.map((part, index) => (
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part.length > LONGEST_WHOLE ? part : <span className="whole">{part}</span>}
    </Fragment>
  ));
}
