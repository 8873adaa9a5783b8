import type { HttpTransport } from './api.ts';

/** Longest answer taken; the list of all symbols is about 1 MB. */
const ANSWER_CHARS_MAX = 16_000_000;

/** HTTP of this machine. Redirects are not followed: a signed request goes to the address it was made for. */
export const fetchTransport: HttpTransport = async ({ method, url, headers }, signal) => {
  const response = await fetch(url, { method, headers, signal, redirect: 'manual' });
  const decoder = new TextDecoder();
  let body = '';
  for await (const chunk of response.body ?? []) {
    body += decoder.decode(chunk, { stream: true });
    if (body.length > ANSWER_CHARS_MAX) throw new RangeError(`Expected at most ${ANSWER_CHARS_MAX} characters.`);
  }
  return { status: response.status, body };
};
