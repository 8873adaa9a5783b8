import { ok } from '@hyperoru/domain';
import type { EngineDeps } from '../deps.ts';
import type { TemplateProblem } from '../ports/prompt-renderer.ts';
import { refuse, type UseCaseResult } from '../refusal.ts';
import { PROMPT_VARIABLE_NAMES } from './prompt-variables.ts';

/** Problems named in one refusal; the rest shows after these are mended. */
const PROBLEMS_SHOWN_MAX = 20;

/** Refuses a template that could not be rendered (`template_invalid`), naming each place. */
export async function checkTemplate(deps: Pick<EngineDeps, 'renderer'>, content: string): Promise<UseCaseResult<null>> {
  const problems = await deps.renderer.validate(content, PROMPT_VARIABLE_NAMES);
  const [first] = problems;
  if (first === undefined) return ok(null);
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more, see details)` : '';
  const details = problems.slice(0, PROBLEMS_SHOWN_MAX).map((problem) => ({ field: 'content', message: placed(problem) }));
  return refuse('template_invalid', `The prompt cannot be rendered: ${placed(first)}${more}`, details);
}

function placed(problem: TemplateProblem): string {
  if (problem.line === null) return problem.message;
  const column = problem.column === null ? '' : `, column ${problem.column}`;
  return `Line ${problem.line}${column}: ${problem.message}`;
}
