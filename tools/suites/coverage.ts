import { relative } from 'node:path';
import { NOTHING, type Tally } from './tally.ts';

/** Where money can be lost between a decision and its record: no branch of it goes untried. */
const ORDER_PATH = [
  ...['decisions', 'ledger', 'orders', 'positions', 'risk', 'safety'].map((name) => `packages/domain/src/${name}/`),
  ...['execution', 'protection', 'reconciliation', 'safety'].map((name) => `packages/engine/src/${name}/`),
];
const DOMAIN = 'packages/domain/src/';
/** Least share of the domain's lines and of its branches that tests take. */
const DOMAIN_SHARE_MIN = 0.95;

interface Place {
  readonly line?: number;
}

interface Range {
  readonly start: Place;
}

/** One file of istanbul's report; the part that is read here. */
interface FileCoverage {
  readonly path: string;
  readonly statementMap: Readonly<Record<string, Range>>;
  readonly s: Readonly<Record<string, number>>;
  readonly branchMap: Readonly<Record<string, { readonly type: string; readonly loc: Range; readonly locations: readonly Range[] }>>;
  readonly b: Readonly<Record<string, readonly number[]>>;
}

interface Part {
  readonly line: number;
  readonly isTaken: boolean;
  /** As istanbul calls it: `if`, `cond-expr`, `binary-expr`, `switch`, `default-arg`. */
  readonly kind: string;
}

interface Covered {
  readonly path: string;
  readonly lines: readonly Part[];
  readonly branches: readonly Part[];
}

/** Whether the tests take what they have to; what they do not take is named by file and line. */
export interface CoverageVerdict {
  readonly tally: Tally;
  readonly lines: readonly string[];
}

/** Judges istanbul's JSON report (`coverage-final.json`) of files below `root`. A folder without a file in the report has failed. */
export function judgeCoverage(text: string, root: string): CoverageVerdict {
  const files = Object.values(JSON.parse(text) as Readonly<Record<string, FileCoverage>>).map((file) => partsOf(file, root));
  const verdicts = [...ORDER_PATH.map((folder) => everyBranch(folder, files)), domainShare(files)];
  const failed = verdicts.filter(({ isGood }) => !isGood).length;
  return {
    tally: { ...NOTHING, passed: verdicts.length - failed, failed },
    lines: verdicts.flatMap(({ isGood, what, missed }) => [`${isGood ? '✓' : '✗'} ${what}`, ...missed.map((each) => `    ${each}`)]),
  };
}

function partsOf({ path, statementMap, s, branchMap, b }: FileCoverage, root: string): Covered {
  const taken = new Map<number, boolean>();
  for (const [id, { start }] of Object.entries(statementMap)) {
    const line = start.line ?? 0;
    taken.set(line, (taken.get(line) ?? false) || (s[id] ?? 0) > 0);
  }
  return {
    path: relative(root, path).replaceAll('\\', '/'),
    lines: [...taken].map(([line, isTaken]) => ({ line, isTaken, kind: 'line' })),
    branches: Object.entries(branchMap).flatMap(([id, { type, loc, locations }]) =>
      // The missing `else` of an `if` has no place of its own.
      locations.map(({ start }, arm) => ({
        line: start.line ?? loc.start.line ?? 0,
        // The count of an `else` is a difference, which an `await` in the condition can make less than none.
        isTaken: (b[id]?.[arm] ?? 0) !== 0,
        kind: start.line === undefined ? 'else' : type,
      })),
    ),
  };
}

interface Verdict {
  readonly isGood: boolean;
  readonly what: string;
  readonly missed: readonly string[];
}

function everyBranch(folder: string, files: readonly Covered[]): Verdict {
  const inside = files.filter(({ path }) => path.startsWith(folder));
  const branches = inside.flatMap((file) => file.branches);
  const missed = inside.flatMap(({ path, branches: own }) => missedIn(path, own));
  const what = `${folder}: ${taken(branches)} of ${branches.length} branches taken in ${inside.length} files`;
  return { isGood: missed.length === 0 && inside.length > 0, what, missed };
}

function domainShare(files: readonly Covered[]): Verdict {
  const inside = files.filter(({ path }) => path.startsWith(DOMAIN));
  const lines = inside.flatMap((file) => file.lines);
  const branches = inside.flatMap((file) => file.branches);
  const isGood = [lines, branches].every((parts) => taken(parts) > 0 && taken(parts) >= DOMAIN_SHARE_MIN * parts.length);
  const what = `${DOMAIN}: ${percent(lines)} of lines and ${percent(branches)} of branches taken, at least ${DOMAIN_SHARE_MIN * 100} % each`;
  return {
    isGood,
    what,
    missed: isGood ? [] : inside.flatMap(({ path, lines: own, branches: arms }) => missedIn(path, [...own, ...arms])),
  };
}

const taken = (parts: readonly Part[]): number => parts.filter(({ isTaken }) => isTaken).length;
const percent = (parts: readonly Part[]): string => `${((100 * taken(parts)) / Math.max(1, parts.length)).toFixed(1)} %`;
const missedIn = (path: string, parts: readonly Part[]): readonly string[] =>
  parts.filter(({ isTaken }) => !isTaken).map(({ line, kind }) => `${path}:${line} no test takes this (${kind})`);
