import { useState } from 'react';
import type { SessionReply } from '../../contract/session.js';
import { type CallApi, CallFault } from '../call.js';
import { readField } from '../form-fields.js';
import { FormDialog } from './FormDialog.js';

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
  const submit = async (fields: FormData): Promise<void> => {
    const read = (name: string) => readField(fields, name);
    try {
      await call('signIn', { token: read('token'), user: read('user'), password: read('password') });
      onSignedIn();
    } catch (error) {
      setFault(error instanceof CallFault ? error.message : 'The page failed to sign in.');
    }
  };
  return (
    <FormDialog
      title="Sign in"
      does={session.methods.length > 0 ? 'Sign in' : null}
      fault={fault}
      onSubmit={(fields) => void submit(fields)}
      onClose={onClose}
    >
      {session.methods.includes('token') && <Field name="token" label="Token" type="password" autoComplete="off" />}
      {session.methods.includes('basic') && <Field name="user" label="User" type="text" autoComplete="username" />}
      {session.methods.includes('basic') && (
        <Field name="password" label="Password" type="password" autoComplete="current-password" />
      )}
      {session.methods.length === 0 && (
        <p>This dashboard is read-only. Set DASHBOARD_TOKEN and restart it to allow changes.</p>
      )}
    </FormDialog>
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
