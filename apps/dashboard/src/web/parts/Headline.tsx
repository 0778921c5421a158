import type { ShownStatus } from '../../contract/status.js';
import { Age } from './Age.js';
import { Banners } from './Banners.js';
import { StatusShape } from './StatusShape.js';

/** "(3 min)" stays on one line. */
const BEFORE_UNIT = /(?<=\(\d+) (?=(?:s|min|h|days?)\b)/g;

/** The sentence in the page's largest type, the reason below it, the age of what it rests on, and what spoils the picture. */
export function Headline({
  status,
  text,
  why = null,
}: {
  readonly status: ShownStatus;
  readonly text: string;
  readonly why?: string | null;
}) {
  return (
    <>
      <header className="headline">
        <StatusShape mark={status} />
        <div>
          <h1>{text.replaceAll(BEFORE_UNIT, '\u00a0')}</h1>
          {why !== null && <p className="why">{why}</p>}
          <Age />
        </div>
      </header>
      <Banners />
    </>
  );
}
