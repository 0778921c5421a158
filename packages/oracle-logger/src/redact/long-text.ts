/** Longer texts are searched piece by piece: regular expressions run out of stack on texts of many megabytes. */
export const pieceLength = 131_072;

/** How far before a piece's end a better place to cut is looked for. */
const slackLength = 16_384;

/** Cuts a long text between lines or words, and not inside a block of a private key. */
export function cutIntoPieces(text: string): readonly string[] {
  const pieces: string[] = [];
  let start = 0;
  while (text.length - start > pieceLength) {
    const end = cutBefore(text, start, start + pieceLength);
    pieces.push(text.slice(start, end));
    start = end;
  }
  pieces.push(text.slice(start));
  return pieces;
}

function cutBefore(text: string, start: number, end: number): number {
  const earliest = end - slackLength;
  const blockAt = text.lastIndexOf('-----BEGIN ', end);
  if (blockAt > start && blockAt >= earliest && !text.slice(blockAt, end).includes('-----END ')) return blockAt;
  for (const separator of ['\n', ' ', ',', ';']) {
    const at = text.lastIndexOf(separator, end - 1);
    if (at >= earliest) return at + 1;
  }
  return end;
}
