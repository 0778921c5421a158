import { useState } from 'react';

/** An empty place that says how to fill it: a sentence, and the line to copy. */
export function Empty({ text, line }: { readonly text: string; readonly line?: string }) {
  const [copied, setCopied] = useState<'no' | 'yes'>('no');
  const copy = async (value: string) => {
    await navigator.clipboard.writeText(value);
    setCopied('yes');
  };
  return (
    <div className="empty">
      <p>{text}</p>
      {line !== undefined && (
        <p className="empty-line">
          <code>{line}</code>
          <button type="button" className="button" onClick={() => void copy(line)}>
            {copied === 'yes' ? 'Copied' : 'Copy'}
          </button>
        </p>
      )}
    </div>
  );
}
