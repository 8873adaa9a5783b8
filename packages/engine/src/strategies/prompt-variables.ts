import type { VARIABLE_NAMES } from './context.ts';

export interface PromptVariable {
  readonly name: string;
  /** One sentence for the person who writes the prompt. */
  readonly meaning: string;
  /** What the text looks like. */
  readonly example: string;
}

type VariableName = (typeof VARIABLE_NAMES)[number];

const VARIABLES: Readonly<Record<VariableName, Omit<PromptVariable, 'name'>>> = {
  market_prices: {
    meaning: 'Current bid, ask and mark price of every symbol of the binding.',
    example: '[{"symbol":"BTC","bid":"64210.5","ask":"64211","mark":"64210.8"}]',
  },
  sampling_data: {
    meaning: 'Rolling window of recent closes per symbol, oldest first.',
    example: '{"BTC":{"interval":"1m","closes":[64180.2,64195,64210.8]}}',
  },
  trigger_context: {
    meaning: 'What started this run: a schedule, a signal or a person, and when it was due.',
    example: '{"cause":"schedule","event_id":"0@2026-01-05T08:00:00.000Z","at":"2026-01-05T08:00:00.000Z"}',
  },
  open_positions: {
    meaning: 'Open positions of the trader: side, size, entry price, unrealized PnL.',
    example: '[{"symbol":"BTC","side":"long","quantity":"0.02","entry_price":"63900","leverage":3,"unrealized_pnl":"6.22"}]',
  },
  recent_trades: {
    meaning: 'The last closed positions of the trader with their result, newest first.',
    example: '[{"symbol":"ETH","side":"short","entry_price":"3120","exit_price":"3088","realized_pnl":"9.6","closed_by":"take_profit"}]',
  },
  market_regime: { meaning: 'Regime of each symbol: trending, ranging, volatile or calm.', example: '{"BTC":"trending"}' },
  news_context: { meaning: 'Latest classified news summaries.', example: '[{"title":"…","sentiment":"neutral"}]' },
  kline_data: {
    meaning: 'Recent closed candles per symbol: time, open, high, low, close, volume.',
    example: '{"BTC":{"interval":"1m","candles":[["2026-01-05T08:00:00.000Z",64180,64220,64170,64210,12.4]]}}',
  },
  technical_indicators: {
    meaning: 'RSI, MACD, Bollinger bands and other indicators per symbol.',
    example: '{"BTC":{"rsi_14":58.3}}',
  },
};

/** The nine documented variables in the order of the documentation. Inside a prompt `{name}` and `{{name}}` mean the same. */
export const PROMPT_VARIABLES: readonly PromptVariable[] = Object.entries(VARIABLES).map(([name, rest]) => ({ name, ...rest }));

export const PROMPT_VARIABLE_NAMES: readonly string[] = PROMPT_VARIABLES.map((variable) => variable.name);
