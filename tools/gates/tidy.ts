import { findBannedText } from '../tidy/banned-text.ts';
import { findLongTexts } from '../tidy/lengths.ts';
import { findMachinePaths } from '../tidy/machine-paths.ts';
import { findBorderCrossings } from '../tidy/package-borders.ts';
import { listSourceFiles, type SourceFile } from '../tidy/source-files.ts';
import type { Gate, GateReport } from './gate.ts';

/** Rules about the source text itself that no other tool sees. */
export const tidyGate: Gate = {
  name: 'tidy',
  lookedMin: 150,
  run: (root) => Promise.resolve(examineTexts(listSourceFiles(root), root)),
};

/** All tidy rules over the given texts. */
export function examineTexts(files: readonly SourceFile[], root: string): GateReport {
  const problems = [...findBannedText(files), ...findLongTexts(files), ...findBorderCrossings(files), ...findMachinePaths(files, root)];
  return { looked: files.length, problems };
}
