import { ok, type Symbol, type Trader, type TraderId } from '@hyperoru/domain';
import type { OwnerScope } from '../access/owner-scope.ts';
import type { EngineDeps } from '../deps.ts';
import type { TemplateProblem } from '../ports/prompt-renderer.ts';
import type { UseCaseResult } from '../refusal.ts';
import { readOwnTrader } from '../traders/own-trader.ts';
import { checkSymbols, connectionOf } from './check-symbols.ts';
import { buildVariables } from './context.ts';
import { PROMPT_VARIABLE_NAMES } from './prompt-variables.ts';

/** Symbols of a preview that names none. */
const SYMBOLS_MAX = 20;
/** Rule of thumb for English text and JSON; shown as approximate. */
const CHARACTERS_PER_TOKEN = 4;

export interface PromptPreview {
  /** null when the template has problems. */
  readonly text: string | null;
  readonly problems: readonly TemplateProblem[];
  readonly approxTokens: number | null;
}

/** Renders a prompt with live values, of the trader when given, else of the paper market. Problems of the template are a result, not a refusal. */
export async function previewPrompt(
  deps: EngineDeps,
  scope: OwnerScope,
  input: { readonly content: string; readonly traderId?: TraderId | undefined; readonly symbols?: readonly Symbol[] | undefined },
): Promise<UseCaseResult<PromptPreview>> {
  const found = await findTrader(deps, scope, input.traderId);
  if (!found.ok) return found;
  const { trader, bound } = found.value;
  if (input.symbols !== undefined) {
    const checked = checkSymbols(deps, trader, input.symbols);
    if (!checked.ok) return checked;
  }
  const symbols = input.symbols ?? (bound.length > 0 ? bound : listed(deps, trader));
  return ok(await renderPreview(deps, { content: input.content, trader, symbols }));
}

/** Renders with the values of this moment; what is wrong with the template is part of the answer. */
export async function renderPreview(
  deps: EngineDeps,
  input: { readonly content: string; readonly trader: Trader | null; readonly symbols: readonly Symbol[] },
): Promise<PromptPreview> {
  const problems = await deps.renderer.validate(input.content, PROMPT_VARIABLE_NAMES);
  if (problems.length > 0) return { text: null, problems, approxTokens: null };
  const { variables } = await buildVariables(deps, { trader: input.trader, symbols: input.symbols, trigger: null, now: deps.clock.now() });
  const rendered = await deps.renderer.render(input.content, variables);
  if (rendered.kind === 'refused') return { text: null, problems: rendered.problems, approxTokens: null };
  return { text: rendered.text, problems: [], approxTokens: Math.ceil(rendered.text.length / CHARACTERS_PER_TOKEN) };
}

async function findTrader(
  deps: EngineDeps,
  scope: OwnerScope,
  traderId: TraderId | undefined,
): Promise<UseCaseResult<{ readonly trader: Trader | null; readonly bound: readonly Symbol[] }>> {
  if (traderId === undefined) return ok({ trader: null, bound: [] });
  return deps.store.transaction(async (tx): Promise<UseCaseResult<{ readonly trader: Trader; readonly bound: readonly Symbol[] }>> => {
    const own = await readOwnTrader(tx, scope, traderId);
    if (!own.ok) return own;
    const bindings = await tx.bindings.listByTrader(traderId);
    return ok({ trader: own.value, bound: [...new Set(bindings.flatMap((binding) => binding.symbols))].slice(0, SYMBOLS_MAX) });
  });
}

function listed(deps: EngineDeps, trader: Trader | null): readonly Symbol[] {
  const instruments = connectionOf(deps, trader)?.market.instruments() ?? [];
  return instruments.slice(0, SYMBOLS_MAX).map((instrument) => instrument.symbol);
}
