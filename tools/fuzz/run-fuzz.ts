import { mulberry32 } from '../campaign/random.ts';
import { drawAnswer } from './answers.ts';
import { problemsOf } from './oracle.ts';
import { pursue } from './pursue.ts';
import { drawSituation, type Situation } from './situation.ts';

/** One answer that went wrong; its seed and number draw it again. */
export interface FuzzProblem {
  readonly answer: number;
  readonly text: string;
  readonly problem: string;
}

/** What became of the answers. */
export interface FuzzOutcome {
  readonly answers: number;
  readonly entries: number;
  readonly exits: number;
  /** By the code of the answer's or the decision's refusal. */
  readonly refusals: Readonly<Record<string, number>>;
  readonly problems: readonly FuzzProblem[];
}

const PROBLEMS_MAX = 50;
const TEXT_SHOWN_MAX = 400;

/** Draws answers and situations from a seed and takes each to its orders; `onProgress` is told after every `step` answers. */
export function runFuzz(
  options: { readonly seed: number; readonly answers: number; readonly step?: number },
  onProgress: (done: number) => void = () => undefined,
): FuzzOutcome {
  const counts = { entries: 0, exits: 0 };
  const refusals: Record<string, number> = {};
  const problems: FuzzProblem[] = [];
  const step = options.step ?? options.answers;
  for (let answer = 0; answer < options.answers && problems.length < PROBLEMS_MAX; answer++) {
    const { text, found } = fuzzOne(options.seed, answer, counts, refusals);
    for (const problem of found) problems.push({ answer, problem, text: text.slice(0, TEXT_SHOWN_MAX) });
    if ((answer + 1) % step === 0) onProgress(answer + 1);
  }
  return { answers: options.answers, ...counts, refusals, problems };
}

/** Each answer has a generator of its own, so that one can be drawn again alone. */
export function drawOne(seed: number, answer: number): { readonly text: string; readonly situation: Situation } {
  const random = mulberry32(Math.imul(seed, 0x9e3779b1) ^ Math.imul(answer + 1, 0x85ebca6b));
  const situation = drawSituation(random);
  return { text: drawAnswer(random, situation), situation };
}

/** One answer from its text to its orders; what is wrong with them. */
export function fuzzOne(
  seed: number,
  answer: number,
  counts: { entries: number; exits: number } = { entries: 0, exits: 0 },
  refusals: Record<string, number> = {},
): { readonly text: string; readonly found: readonly string[] } {
  const { text, situation } = drawOne(seed, answer);
  try {
    const pursued = pursue(text, situation);
    for (const { plan } of pursued.approved) counts[plan.kind === 'entry' ? 'entries' : 'exits'] += 1;
    for (const code of pursued.invalid === null ? pursued.denials : [pursued.invalid]) refusals[code] = (refusals[code] ?? 0) + 1;
    return { text, found: problemsOf(text, situation, pursued) };
  } catch (error) {
    return { text, found: [`threw ${error instanceof Error ? error.stack?.split('\n').slice(0, 3).join(' ') : String(error)}`] };
  }
}
