import { type SyntheticEvent, useState } from 'react';
import type { AlertSummary } from '../../contract/alerts.js';
import { CallFault } from '../call.js';
import { usePage } from '../page-context.js';
import { Dialog } from './Dialog.js';

/** Acknowledge and silence, where the alert is shown. Who may not is asked to sign in first. */
export function AlertActions({ alert, onDone }: { readonly alert: AlertSummary; readonly onDone: () => void }) {
  const { call, session, signIn } = usePage();
  const [silencing, setSilencing] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const may = session?.may === 'change';
  const act = async (step: () => Promise<unknown>): Promise<void> => {
    if (!may) {
      signIn();
      return;
    }
    try {
      setFault(null);
      await step();
      setSilencing(false);
      onDone();
    } catch (error) {
      setFault(error instanceof CallFault ? error.message : 'It failed; the page does not know why.');
    }
  };
  const onSilence = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    void act(() =>
      call('storeSilence', {
        service: alert.service,
        rule: alert.rule,
        minutes: Number(fields.get('minutes')),
        comment: textOf(fields.get('comment')),
      }),
    );
  };
  return (
    <div className="actions">
      {alert.phase === 'firing' && alert.acknowledged_by === null && (
        <button
          type="button"
          className="button"
          data-action="acknowledge"
          onClick={() => void act(() => call('acknowledge', { id: alert.id }))}
        >
          I have it
        </button>
      )}
      {alert.silenced_until === null && (
        <button
          type="button"
          className="button"
          data-action="silence"
          onClick={() => (may ? setSilencing(true) : signIn())}
        >
          Silence
        </button>
      )}
      {fault !== null && !silencing && (
        <span className="bad" role="alert">
          {fault}
        </span>
      )}
      {silencing && (
        <Dialog title={`Silence “${alert.rule}” of ${alert.service}`} onClose={() => setSilencing(false)}>
          <form className="form" onSubmit={onSilence}>
            <label className="field">
              For
              <select name="minutes" defaultValue="60">
                <option value="30">30 minutes</option>
                <option value="60">1 hour</option>
                <option value="240">4 hours</option>
                <option value="1440">1 day</option>
                <option value="10080">7 days</option>
              </select>
            </label>
            <label className="field">
              Why
              <input name="comment" required maxLength={500} placeholder="Planned work on the database" />
            </label>
            <p className="dim">
              Fires are held until then and sent if it still holds; a recovery is told all the same.
            </p>
            {fault !== null && (
              <p className="bad" role="alert">
                {fault}
              </p>
            )}
            <p className="form-buttons">
              <button type="submit" className="button primary">
                Silence
              </button>
              <button type="button" className="button" onClick={() => setSilencing(false)}>
                Cancel
              </button>
            </p>
          </form>
        </Dialog>
      )}
    </div>
  );
}

function textOf(value: FormDataEntryValue | null): string {
  return typeof value === 'string' ? value : '';
}
