/** `npm run bench [name …]`: one JSON line per figure; the exit code says whether all of them hold. */
import { apiReads } from './api-reads.ts';
import { type Figure, figureLine } from './figure.ts';
import { killFlat } from './kill-flat.ts';
import { memory } from './memory.ts';
import { nakedTime } from './naked-time.ts';
import { runOverhead } from './run-overhead.ts';
import { startReady } from './start-ready.ts';
import { triggerOrder } from './trigger-order.ts';

const BENCHES: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  'api-reads': apiReads,
  'start-ready': startReady,
  'run-overhead': runOverhead,
  memory,
  'naked-time': nakedTime,
  'kill-flat': killFlat,
  'trigger-order': triggerOrder,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => BENCHES[name] === undefined);
if (unknown.length > 0) {
  process.stderr.write(`There is no bench ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}.\n`);
  process.exitCode = 1;
} else {
  for (const [name, measure] of Object.entries(BENCHES)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    for (const figure of await measure()) {
      process.stdout.write(`${figureLine(figure)}\n`);
      if (!figure.ok) process.exitCode = 1;
    }
  }
}
