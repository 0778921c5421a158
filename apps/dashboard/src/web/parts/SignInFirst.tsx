import { usePage } from '../page-context.js';
import { StatusShape } from './StatusShape.js';

/** In place of a view that may not be read without a sign-in. */
export function SignInFirst() {
  const { signIn } = usePage();
  return (
    <>
      <header className="headline">
        <StatusShape mark="no_data" />
        <h1>Sign in to see this dashboard.</h1>
      </header>
      <button type="button" className="button primary" onClick={signIn}>
        Sign in
      </button>
    </>
  );
}
