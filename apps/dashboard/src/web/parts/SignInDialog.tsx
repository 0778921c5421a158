import { type SyntheticEvent, useState } from 'react';
import type { SessionReply } from '../../contract/session.js';
import { type CallApi, CallFault } from '../call.js';
import { Dialog } from './Dialog.js';

/** Asks for a token, or for a user and a password, whichever this dashboard takes. */
export function SignInDialog({
  call,
  session,
  onClose,
  onSignedIn,
}: {
  readonly call: CallApi;
  readonly session: SessionReply;
  readonly onClose: () => void;
  readonly onSignedIn: () => void;
}) {
  const [fault, setFault] = useState<string | null>(null);
  const submit = async (form: HTMLFormElement): Promise<void> => {
    const fields = new FormData(form);
    const read = (name: string) => {
      const value = fields.get(name);
      return typeof value === 'string' && value !== '' ? value : undefined;
    };
    try {
      await call('signIn', { token: read('token'), user: read('user'), password: read('password') });
      onSignedIn();
    } catch (error) {
      setFault(error instanceof CallFault ? error.message : 'The page failed to sign in.');
    }
  };
  const onSubmit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    void submit(event.currentTarget);
  };
  return (
    <Dialog title="Sign in" onClose={onClose}>
      <form onSubmit={onSubmit} className="form">
        {session.methods.includes('token') && <Field name="token" label="Token" type="password" autoComplete="off" />}
        {session.methods.includes('basic') && <Field name="user" label="User" type="text" autoComplete="username" />}
        {session.methods.includes('basic') && (
          <Field name="password" label="Password" type="password" autoComplete="current-password" />
        )}
        {session.methods.length === 0 && (
          <p>This dashboard is read-only. Set DASHBOARD_TOKEN and restart it to allow changes.</p>
        )}
        {fault !== null && (
          <p className="bad" role="alert">
            {fault}
          </p>
        )}
        <p className="form-buttons">
          {session.methods.length > 0 && (
            <button type="submit" className="button primary">
              Sign in
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

function Field({
  name,
  label,
  type,
  autoComplete,
}: {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly autoComplete: string;
}) {
  return (
    <label className="field">
      {label}
      <input name={name} type={type} autoComplete={autoComplete} maxLength={500} />
    </label>
  );
}
