/** Why something was not done. */
export function Refusal({ text }: { readonly text: string | null }) {
  if (text === null) return null;
  return (
    <p className="bad" role="alert">
      {text}
    </p>
  );
}
