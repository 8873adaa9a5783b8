import { setTimeout as sleep } from 'node:timers/promises';

const REQUEST_TIME_MS_MAX = 10_000;
const POLL_MS = 250;

/** One call to the product's API; throws on any status but 2xx, with the answer. */
export async function callApi(
  url: string,
  options: { readonly method?: string; readonly token?: string; readonly body?: unknown } = {},
): Promise<unknown> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (options.token !== undefined) headers['authorization'] = `Bearer ${options.token}`;
  if (options.body !== undefined) headers['content-type'] = 'application/json';
  const response = await fetch(url, {
    method: options.method ?? 'GET',
    headers,
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    signal: AbortSignal.timeout(REQUEST_TIME_MS_MAX),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${options.method ?? 'GET'} ${url} answered ${response.status}: ${text.slice(0, 500)}`);
  return text === '' ? null : JSON.parse(text);
}

/** The first page of a list route, asked again until it has at least `count` items; throws when it has not in time. */
export async function waitForItems(url: string, token: string, timeMsMax: number, count = 1): Promise<readonly unknown[]> {
  const giveUpAt = performance.now() + timeMsMax;
  while (performance.now() < giveUpAt) {
    const items = itemsOf(await callApi(url, { token }));
    if (items.length >= count) return items;
    await sleep(POLL_MS);
  }
  throw new Error(`${url} did not have ${count} items within ${timeMsMax / 1000} s.`);
}

function itemsOf(answer: unknown): readonly unknown[] {
  if (typeof answer === 'object' && answer !== null && 'items' in answer && Array.isArray(answer.items)) return answer.items;
  throw new Error(`Expected a list with items, was ${JSON.stringify(answer).slice(0, 200)}.`);
}

/** A text field of an answer; throws when it is not there. */
export function textField(answer: unknown, name: string): string {
  const value = typeof answer === 'object' && answer !== null ? Object.entries(answer).find(([key]) => key === name)?.[1] : undefined;
  if (typeof value !== 'string') throw new Error(`Expected a field ${name}, was ${JSON.stringify(answer).slice(0, 200)}.`);
  return value;
}
