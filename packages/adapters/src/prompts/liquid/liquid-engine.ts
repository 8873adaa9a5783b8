import { Liquid, type LiquidError, type Template } from 'liquidjs';

/** A problem as Liquid finds it, with its place in the text it was given. */
export interface EngineProblem {
  readonly code: 'syntax' | 'unknown_variable' | 'unknown_filter' | 'limit';
  readonly message: string;
  /** The unknown variable's name; lets the caller suggest the nearest known one. */
  readonly name: string | null;
  readonly line: number | null;
  readonly column: number | null;
}

/** What a worker is asked. Everything in it is plain data. */
export type EngineRequest =
  | { readonly kind: 'check'; readonly text: string; readonly variableNames: readonly string[] }
  | { readonly kind: 'render'; readonly text: string; readonly variables: Readonly<Record<string, string>> };
export type EngineAnswer = { readonly text: string } | { readonly problems: readonly EngineProblem[] };

/** Largest rendered prompt, bytes of UTF-8. */
export const OUTPUT_BYTES_MAX = 262_144;

/** Liquid's own, cooperative limits; the process around them has harder ones. */
const PARSE_CHARS_MAX = 80_000;
const RENDER_MS_MAX = 200;
const MEMORY_UNITS_MAX = 2_000_000;
const UNKNOWN_FILTERS_MAX = 20;

/** Tags that reach other templates, keep state between renderings or only repeat others. */
const REMOVED_TAGS = ['include', 'render', 'layout', 'block', 'tablerow', 'increment', 'decrement', 'liquid'] as const;
/** Filters that read the clock or chance: a prompt must be the same for the same data. */
const REMOVED_FILTERS = ['date', 'date_to_xmlschema', 'date_to_rfc822', 'date_to_string', 'date_to_long_string', 'sample'] as const;

export function answerEngineRequest(request: EngineRequest): EngineAnswer {
  return request.kind === 'check' ? { problems: check(request.text, request.variableNames) } : render(request.text, request.variables);
}

function createEngine(): Liquid {
  const engine = new Liquid({
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    parseLimit: PARSE_CHARS_MAX,
    renderLimit: RENDER_MS_MAX,
    memoryLimit: MEMORY_UNITS_MAX,
    templates: {},
    relativeReference: false,
  });
  for (const tag of REMOVED_TAGS) delete engine.tags[tag];
  for (const filter of REMOVED_FILTERS) delete engine.filters[filter];
  return engine;
}

function render(text: string, variables: Readonly<Record<string, string>>): EngineAnswer {
  try {
    const rendered: unknown = createEngine().parseAndRenderSync(text, { ...variables });
    const output = String(rendered);
    if (Buffer.byteLength(output) > OUTPUT_BYTES_MAX)
      return { problems: [limit(`The rendered prompt is over ${OUTPUT_BYTES_MAX / 1024} KiB: show fewer or shorter values.`)] };
    return { text: output };
  } catch (error) {
    return { problems: [asProblem(error)] };
  }
}

/** Liquid stops at the first unknown filter; each is noted and then given to the engine, so that the next one is found too. */
function check(text: string, variableNames: readonly string[]): readonly EngineProblem[] {
  const engine = createEngine();
  const problems: EngineProblem[] = [];
  for (let round = 0; round <= UNKNOWN_FILTERS_MAX; round++) {
    try {
      return [...problems, ...variableProblems(engine, engine.parse(text), variableNames)];
    } catch (error) {
      const problem = asProblem(error);
      problems.push(problem);
      if (problem.code !== 'unknown_filter' || problem.name === null) return problems;
      engine.registerFilter(problem.name, (value: unknown) => value);
    }
  }
  return problems;
}

function variableProblems(engine: Liquid, templates: Template[], variableNames: readonly string[]): readonly EngineProblem[] {
  const known = new Set(variableNames);
  const problems: EngineProblem[] = [];
  for (const [name, uses] of Object.entries(engine.analyzeSync(templates, { partials: false }).globals)) {
    for (const use of uses) {
      const place = { line: use.location.row, column: use.location.col };
      const part = use.segments[1];
      if (!known.has(name)) problems.push({ code: 'unknown_variable', name, message: `There is no variable "${name}".`, ...place });
      else if (part !== undefined && part !== 'size')
        problems.push({
          code: 'unknown_variable',
          name: null,
          message: `The variable "${name}" is text and has no part "${String(part)}": use {{${name}}}.`,
          ...place,
        });
    }
  }
  return problems;
}

function asProblem(error: unknown): EngineProblem {
  if (!(error instanceof Error)) return { code: 'syntax', message: 'The template cannot be read.', name: null, line: null, column: null };
  const [line = null, column = null] = tokenPosition(error);
  const said = (error.message.split('\n')[0] ?? '').replace(/, (?:file:.*, )?line:\d+, col:\d+$/, '').slice(0, 300);
  const filter = /undefined filter: (\S+)/.exec(said)?.[1] ?? null;
  if (filter !== null)
    return { code: 'unknown_filter', message: `There is no filter "${filter}": remove it or use another.`, name: filter, line, column };
  const variable = /undefined variable: (\S+)/.exec(said)?.[1] ?? null;
  if (variable !== null) return { code: 'unknown_variable', message: `There is no variable "${variable}".`, name: variable, line, column };
  const tag = /tag "([^"]*)" not found/.exec(said)?.[1];
  if (tag !== undefined) return { code: 'syntax', message: `There is no tag {% ${tag} %} here: remove it.`, name: null, line, column };
  if (/limit exceeded|alloc limit|length limit/i.test(said) || error instanceof RangeError)
    return { ...limit('The template does too much work: use fewer or shorter loops.'), line, column };
  return { code: 'syntax', message: `The template cannot be read here: ${said}.`, name: null, line, column };
}

const limit = (message: string): EngineProblem => ({ code: 'limit', message, name: null, line: null, column: null });

function tokenPosition(error: Error): readonly number[] {
  return isLiquidError(error) ? error.token.getPosition() : [];
}

function isLiquidError(error: Error): error is LiquidError {
  return 'token' in error && typeof error.token === 'object' && error.token !== null && 'getPosition' in error.token;
}
