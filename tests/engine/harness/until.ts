const POLL_MS = 10;
const WAIT_MS_MAX = 20_000;

/** Looks again and again until the answer is yes; for work that runs in the background. Throws after 20 s. */
export async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  for (let waitedMs = 0; waitedMs < WAIT_MS_MAX; waitedMs += POLL_MS) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`Expected within ${WAIT_MS_MAX / 1000} s: ${what}.`);
}
