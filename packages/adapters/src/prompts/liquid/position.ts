/** A place in a text, both 1-based; columns count UTF-16 units, as editors do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

/** Offset of a position; beyond the end it is the end. */
export function offsetAt(text: string, position: Position): number {
  let start = 0;
  for (let line = 1; line < position.line; line++) {
    const newline = text.indexOf('\n', start);
    if (newline === -1) return text.length;
    start = newline + 1;
  }
  return Math.min(text.length, start + position.column - 1);
}
