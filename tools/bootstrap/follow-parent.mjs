/** A server whose npm is gone should not outlive it for longer than this, ms. */
const LOOK_EVERY_MS = 500;

/**
 * Ends this process as SIGTERM would when the npm that started it is gone: npm does not pass every signal on, and a kill of npm alone would leave
 * the server running without a terminal. Started without npm, the process may outlive its parent, as after `nohup node … &`.
 */
export function followParent() {
  if (process.env['npm_lifecycle_event'] === undefined || process.platform === 'win32') return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, LOOK_EVERY_MS);
  timer.unref();
}
