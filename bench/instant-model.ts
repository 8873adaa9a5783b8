import type { LanguageModelPort } from '@hyperoru/engine';

/** Opens and closes in turn, separately for every model name; never touches the network. */
export function instantModel(): LanguageModelPort {
  const asked = new Map<string, number>();
  return {
    ask: async ({ model }) => {
      const count = asked.get(model) ?? 0;
      asked.set(model, count + 1);
      const open = { operation: 'buy', symbol: 'BTC', target_portion_of_balance: 0.05, leverage: 1, stop_loss_pct: 10, reason: 'Bench.' };
      const close = { operation: 'close', symbol: 'BTC', target_portion_of_balance: 1, reason: 'Bench.' };
      const text = JSON.stringify(count % 2 === 0 ? open : close);
      return { kind: 'answer', text, accepted: true, exchanges: [] };
    },
  };
}
