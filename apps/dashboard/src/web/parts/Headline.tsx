import type { ShownStatus } from '../../contract/status.js';
import { Age } from './Age.js';
import { StatusShape } from './StatusShape.js';

/** The sentence in the page's largest type, with the age of what it rests on. */
export function Headline({ status, text }: { readonly status: ShownStatus; readonly text: string }) {
  return (
    <header className="headline">
      <StatusShape mark={status} />
      <div>
        <h1>{text}</h1>
        <Age />
      </div>
    </header>
  );
}
