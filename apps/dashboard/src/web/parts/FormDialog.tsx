import type { ReactNode, SyntheticEvent } from 'react';
import { Dialog } from './Dialog.js';
import { Refusal } from './Refusal.js';

/** A dialog that asks: its fields, why it was refused, the button that does it and the one that leaves. */
export function FormDialog({
  title,
  does,
  fault,
  onSubmit,
  onClose,
  children,
}: {
  readonly title: string;
  /** What the button says; `null` when there is nothing to be done. */
  readonly does: string | null;
  readonly fault: string | null;
  readonly onSubmit: (fields: FormData) => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const submit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    onSubmit(new FormData(event.currentTarget));
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        {children}
        <Refusal text={fault} />
        <p className="form-buttons">
          {does !== null && (
            <button type="submit" className="button primary">
              {does}
            </button>
          )}
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
        </p>
      </form>
    </Dialog>
  );
}
