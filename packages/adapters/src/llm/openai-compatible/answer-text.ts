/** The part of a message meant as the answer, and the thinking that some models write around it. */
export interface SplitText {
  readonly text: string;
  readonly reasoning: string | null;
}

/**
 * Separates `<think>…</think>` at the start of a message. Some servers leave out the opening tag; a message that never
 * closes it is all thinking. A message that starts as JSON is never searched: the tag would stand inside a string.
 */
export function splitThinking(content: string): SplitText {
  const trimmed = content.trim();
  if (trimmed.startsWith('{') || trimmed.startsWith('[')) return { text: trimmed, reasoning: null };
  const opening = /^<think(?:ing)?>/i.exec(trimmed);
  const closing = /<\/think(?:ing)?>/i.exec(trimmed);
  const from = opening?.[0].length ?? 0;
  if (closing !== null)
    return { text: trimmed.slice(closing.index + closing[0].length).trim(), reasoning: trimmed.slice(from, closing.index).trim() };
  if (opening !== null) return { text: '', reasoning: trimmed.slice(from).trim() };
  return { text: trimmed, reasoning: null };
}

/** Content of a code fence when the fence is the whole answer; else the text unchanged, since prose around a fence is not an answer. */
export function unwrapFence(text: string): string {
  const match = /^```[a-zA-Z0-9_-]*[ \t]*\r?\n([\s\S]*?)\r?\n?[ \t]*```$/.exec(text.trim());
  const inner = match?.[1];
  return inner === undefined || inner.includes('```') ? text : inner.trim();
}
