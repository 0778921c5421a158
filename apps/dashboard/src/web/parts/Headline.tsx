import type { ShownStatus } from '../../contract/status.js';
import { Age } from './Age.js';
import { Banners } from './Banners.js';
import { StatusShape } from './StatusShape.js';

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
          <h1>{text}</h1>
          {why !== null && <p className="why">{why}</p>}
          <Age />
        </div>
      </header>
      <Banners />
    </>
  );
}
