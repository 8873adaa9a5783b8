import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StepFailed, say } from './run-step.mjs';

/** The holder shows this often that it lives, ms. */
const BEAT_MS = 1_000;
/** A lock that has not been touched for so long belongs to nobody, ms. */
const STALE_AFTER_MS = 15_000;
const POLL_MS = 200;
/** A new lock counts only when nobody has replaced it after this time, ms. */
const SETTLE_MS = 100;
/** Longest wait for another start that installs and builds, ms. */
const WAIT_MS_MAX = 900_000;

/**
 * Runs `work` while no other process sets this checkout up: two starts at once must not install or build over each other.
 * The lock is a file whose holder touches it; a holder that was killed loses it after 15 seconds.
 *
 * @template T
 * @param {string} root
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withSetupLock(root, work) {
  const folder = join(root, '.cache');
  const path = join(folder, 'setup.lock');
  const token = `${process.pid} ${Math.random()}`;
  mkdirSync(folder, { recursive: true });
  await take(path, token);
  const beat = setInterval(() => touch(path), BEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    if (read(path) === token) rmSync(path, { force: true });
  }
}

async function take(path, token) {
  const giveUpAt = performance.now() + WAIT_MS_MAX;
  let said = false;
  while (performance.now() < giveUpAt) {
    if (create(path, token)) {
      await sleep(SETTLE_MS);
      if (read(path) === token) return;
    } else if (isStale(path)) {
      discard(path);
    } else {
      if (!said) say('Another start is setting this folder up; waiting for it …');
      said = true;
      await sleep(POLL_MS);
    }
  }
  throw new StepFailed(
    `Another start has been setting this folder up for ${WAIT_MS_MAX / 60_000} minutes. End it, delete ${path} and start again.`,
  );
}

function create(path, token) {
  try {
    writeFileSync(path, token, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function isStale(path) {
  try {
    return Date.now() - statSync(path).mtimeMs > STALE_AFTER_MS;
  } catch {
    // Gone in the meantime: the next round tries to create it.
    return false;
  }
}

/** Moves the stale lock away before deleting it, so that of two waiters only one removes it. */
function discard(path) {
  try {
    renameSync(path, `${path}.${process.pid}`);
    rmSync(`${path}.${process.pid}`, { force: true });
  } catch {
    // Another waiter was first.
  }
}

function touch(path) {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // The folder was deleted under us; the work itself will say so.
  }
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
