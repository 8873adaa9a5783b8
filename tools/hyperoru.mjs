#!/usr/bin/env -S node --max-semi-space-size=2
/**
 * The one way to start Hyperoru: `npm start`, `npx hyperoru start`, `node tools/hyperoru.mjs start`.
 *
 * Needs nothing but Node.js: it installs and builds what is missing, then becomes the server. The server runs in this very
 * process, so that there is no child that could outlive it, and signals and exit codes are its own.
 * `--max-semi-space-size` keeps the young objects of a process that mostly waits from taking 50 MB.
 * Every command besides `build` is the server's; `start --help` lists them.
 */
import { nodeVersionProblem } from './bootstrap/node-version.mjs';

const problem = nodeVersionProblem(process.versions.node);
if (problem === null) await main(process.argv.slice(2));
else fail(problem);

async function main(args) {
  // Not before the version is known to be good: these files use what older versions lack.
  const [{ resolve }, { pathToFileURL }, { followParent }, { setUp }, { StepFailed }] = await Promise.all([
    import('node:path'),
    import('node:url'),
    import('./bootstrap/follow-parent.mjs'),
    import('./bootstrap/set-up.mjs'),
    import('./bootstrap/run-step.mjs'),
  ]);
  followParent();
  const root = resolve(import.meta.dirname, '..');
  try {
    await setUp(root, { needsBuild: true });
  } catch (error) {
    if (error instanceof StepFailed) return fail(error.message);
    if (['EACCES', 'EPERM', 'EROFS', 'ENOSPC'].includes(error.code)) {
      return fail(
        `Could not write ${error.path ?? root} (${error.code}). Make the folder of Hyperoru writable and free some space, then start again.`,
      );
    }
    throw error;
  }
  if (args[0] === 'build') return;
  const server = resolve(root, 'apps/server/dist/main.js');
  process.argv = [process.execPath, server, ...(args.length === 0 ? ['start'] : args)];
  await import(pathToFileURL(server).href);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}
