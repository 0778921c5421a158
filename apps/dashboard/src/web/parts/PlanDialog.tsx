import { readField } from '../form-fields.js';
import { fromLocalInput, toLocalInput } from '../format-time.js';
import { usePage } from '../page-context.js';
import { useChange } from '../use-change.js';
import { FormDialog } from './FormDialog.js';

/** Asks for a stretch of time in which fires are held. */
export function PlanDialog({ onClose, onPlanned }: { readonly onClose: () => void; readonly onPlanned: () => void }) {
  const { call, status, zone } = usePage();
  const { fault, run } = useChange(onPlanned);
  const services = Object.values(status.reply?.services ?? {});
  const onSubmit = (fields: FormData) =>
    void run(() =>
      call('storeMaintenance', {
        service: readField(fields, 'service'),
        rule: readField(fields, 'rule'),
        starts_at: fromLocalInput(readField(fields, 'starts_at') ?? '', zone) ?? '',
        minutes: Number(readField(fields, 'minutes')),
        comment: readField(fields, 'comment') ?? '',
      }),
    );
  return (
    <FormDialog title="Plan maintenance" does="Plan" fault={fault} onSubmit={onSubmit} onClose={onClose}>
      <label className="field">
        Of
        <select name="service" defaultValue="">
          <option value="">every service</option>
          {services.map(({ name, display_name: title }) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        Rule
        <input name="rule" maxLength={120} placeholder="every rule" />
      </label>
      <label className="field">
        From, {zone === 'utc' ? 'UTC' : 'local time'}
        <input name="starts_at" type="datetime-local" required defaultValue={toLocalInput(Date.now(), zone)} />
      </label>
      <label className="field">
        For
        <select name="minutes" defaultValue="60">
          <option value="15">15 minutes</option>
          <option value="30">30 minutes</option>
          <option value="60">1 hour</option>
          <option value="120">2 hours</option>
          <option value="240">4 hours</option>
          <option value="1440">1 day</option>
        </select>
      </label>
      <label className="field">
        Why
        <input name="comment" required maxLength={500} placeholder="Upgrade of the database" />
      </label>
    </FormDialog>
  );
}
