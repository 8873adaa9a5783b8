import type { Clock, PromptRenderer, RenderOutcome, TemplateProblem } from '@hyperoru/engine';
import type { EngineProblem, EngineRequest } from './liquid-engine.ts';
import { nearestName } from './nearest-name.ts';
import { offsetAt, positionAt } from './position.ts';
import { type BraceReading, readBraces } from './read-braces.ts';
import { defaultWorkerPath, type SeatAnswer, workerSeat } from './worker-seat.ts';

/** Largest template, bytes of UTF-8. */
export const TEMPLATE_BYTES_MAX = 65_536;
/** Renderings that may wait for the one worker. */
const WAITING_MAX = 2000;

export interface LiquidPromptRendererOptions {
  readonly clock: Clock;
  /** The built worker entry; by default found beside this code. */
  readonly workerPath?: string;
}

/**
 * PromptRenderer over LiquidJS. Templates run in one warm worker thread without environment, with bounded memory, and are ended after 300 ms.
 * `close` ends the thread.
 */
export function liquidPromptRenderer(options: LiquidPromptRendererOptions): PromptRenderer & { close(): Promise<void> } {
  const seat = workerSeat(options.clock, options.workerPath ?? defaultWorkerPath());
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();
  const run = (request: EngineRequest): Promise<SeatAnswer> => {
    const turn = last.then(() => seat.run(request));
    waiting += 1;
    const leave = () => {
      waiting -= 1;
    };
    last = turn.then(leave, leave);
    return turn;
  };
  const answer = async (reading: BraceReading, template: string, names: readonly string[], request: EngineRequest) => {
    if (waiting >= WAITING_MAX) return { problems: [limit('Too many prompts wait to be rendered: try again in a moment.')] };
    const said = await run(request);
    if (said === null) return { problems: [limit('The template took too long or too much memory: use fewer or shorter loops.')] };
    return 'text' in said ? said : { problems: said.problems.map((problem) => placed(problem, reading, template, names)) };
  };
  return {
    validate: async (template, variableNames) => {
      const oversize = tooLarge(template);
      if (oversize !== null) return [oversize];
      const reading = readBraces(template, variableNames);
      const found = await answer(reading, template, variableNames, { kind: 'check', text: reading.text, variableNames });
      return merged(reading.problems, 'problems' in found ? found.problems : []);
    },
    render: async (template, variables): Promise<RenderOutcome> => {
      const oversize = tooLarge(template);
      if (oversize !== null) return { kind: 'refused', problems: [oversize] };
      const names = Object.keys(variables);
      const reading = readBraces(template, names);
      if (reading.problems.length > 0) return { kind: 'refused', problems: reading.problems };
      const done = await answer(reading, template, names, { kind: 'render', text: reading.text, variables });
      return 'text' in done ? { kind: 'rendered', text: done.text } : { kind: 'refused', problems: done.problems };
    },
    close: () => seat.close(),
  };
}

function tooLarge(template: string): TemplateProblem | null {
  const bytes = Buffer.byteLength(template);
  return bytes <= TEMPLATE_BYTES_MAX ? null : limit(`The template has ${bytes} bytes, ${TEMPLATE_BYTES_MAX} are allowed: shorten it.`);
}

/** Brace problems say more about their line than Liquid's complaint about the same line. */
function merged(braces: readonly TemplateProblem[], engine: readonly TemplateProblem[]): readonly TemplateProblem[] {
  const lines = new Set(braces.map((problem) => problem.line));
  return [...braces, ...engine.filter((problem) => problem.code !== 'syntax' || !lines.has(problem.line))].sort(
    (a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  );
}

function placed(problem: EngineProblem, reading: BraceReading, template: string, names: readonly string[]): TemplateProblem {
  const nearest = problem.code === 'unknown_variable' && problem.name !== null ? nearestName(problem.name, names) : null;
  const message = nearest === null ? problem.message : `${problem.message.replace(/\.$/, '')}: did you mean {{${nearest}}}?`;
  if (problem.line === null || problem.column === null) return { code: problem.code, message, line: null, column: null };
  const offset = reading.originalOffset(offsetAt(reading.text, { line: problem.line, column: problem.column }));
  return { code: problem.code, message, ...positionAt(template, offset) };
}

const limit = (message: string): TemplateProblem => ({ code: 'limit', message, line: null, column: null });
