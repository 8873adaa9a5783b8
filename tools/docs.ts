/** `npm run docs` writes the generated documents; `npm run docs -- --check` fails when one is not current. */
import { resolve } from 'node:path';
import { collectGenerated } from './docs/collect.ts';
import { findStale, writeGenerated } from './docs/generated-files.ts';

const root = resolve(import.meta.dirname, '..');
const files = await collectGenerated();
if (process.argv.includes('--check')) {
  const stale = findStale(root, files);
  for (const line of stale) process.stdout.write(`${line}\n`);
  process.stdout.write(`${files.length} generated documents looked at.\n`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  const changed = writeGenerated(root, files);
  process.stdout.write(changed.length === 0 ? 'All generated documents are current.\n' : `Wrote ${changed.join(', ')}.\n`);
}
