import { useState } from 'react';
import type { AlertSummary } from '../../contract/alerts.js';
import { readField } from '../form-fields.js';
import { usePage } from '../page-context.js';
import { useChange } from '../use-change.js';
import { FormDialog } from './FormDialog.js';
import { Refusal } from './Refusal.js';

/** Acknowledge and silence, where the alert is shown. Who may not is asked to sign in first. */
export function AlertActions({ alert, onDone }: { readonly alert: AlertSummary; readonly onDone: () => void }) {
  const { call, signIn } = usePage();
  const [silencing, setSilencing] = useState(false);
  const { may, fault, run } = useChange(() => {
    setSilencing(false);
    onDone();
  });
  const onSilence = (fields: FormData) => {
    const { service, rule } = alert;
    const minutes = Number(readField(fields, 'minutes'));
    void run(() => call('storeSilence', { service, rule, minutes, comment: readField(fields, 'comment') ?? '' }));
  };
  return (
    <div className="actions">
      {alert.phase === 'firing' && alert.acknowledged_by === null && (
        <button
          type="button"
          className="button"
          data-action="acknowledge"
          onClick={() => void run(() => call('acknowledge', { id: alert.id }))}
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
      {!silencing && <Refusal text={fault} />}
      {silencing && (
        <FormDialog
          title={`Silence “${alert.rule}” of ${alert.service}`}
          does="Silence"
          fault={fault}
          onSubmit={onSilence}
          onClose={() => setSilencing(false)}
        >
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
          <p className="dim">Fires are held until then and sent if it still holds; a recovery is told all the same.</p>
        </FormDialog>
      )}
    </div>
  );
}
