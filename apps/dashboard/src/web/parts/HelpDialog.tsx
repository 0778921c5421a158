import { keyHelp } from '../keys.js';
import { panels } from '../panels/index.js';
import { Dialog } from './Dialog.js';

/** Which keys do what. */
export function HelpDialog({ onClose }: { readonly onClose: () => void }) {
  const places = panels.flatMap(({ key, title }) => (key === null ? [] : [[`g ${key}`, `go to ${title}`] as const]));
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl className="pairs one">
        {[...places, ...keyHelp].map(([keys, does]) => (
          <div className="pair" key={keys}>
            <dt>{does}</dt>
            <dd>
              <kbd>{keys}</kbd>
            </dd>
          </div>
        ))}
      </dl>
      <p className="form-buttons">
        <button type="button" className="button" onClick={onClose}>
          Close
        </button>
      </p>
    </Dialog>
  );
}
