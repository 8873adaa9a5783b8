/** What both demo prompts end with: the figures, and the form of the answer. A real model can be asked the same text. */
const FIGURES_AND_FORM = `Latest prices:
{{market_prices}}

Closed candles per symbol, oldest first, each [time, open, high, low, close, volume]:
{{kline_data}}

Open positions:
{{open_positions}}

Give one decision per symbol. operation is buy, sell, close or hold. target_portion_of_balance is the share of the available balance
to use as margin, 0 to 1. Give every buy and sell a stop_loss_pct and a take_profit_pct, in percent of the entry price. Example:
{"decisions": [{"operation": "buy", "symbol": "BTC", "target_portion_of_balance": 0.15, "leverage": 2, "take_profit_pct": 4, "stop_loss_pct": 2, "confidence": 0.6, "reason": "Why, in one sentence."}]}
`;

/** Demo prompt of the trader that follows the trend. */
export const DEMO_PROMPT_MOMENTUM = `You trade perpetual futures by following the trend. Compare the mean of the last 5 closes with the mean of the last 20.
Open in the direction of the faster mean when the two have parted, keep the position while they agree, close it when they cross back.
Use leverage 2, at most 0.15 of the available balance per position, one position per symbol.

${FIGURES_AND_FORM}`;

/** Demo prompt of the trader that bets on the return to the mean. */
export const DEMO_PROMPT_REVERSION = `You trade perpetual futures by betting on the return to the mean. Measure how many standard deviations the price is from the mean of the last 20 closes.
Open against a move that went about one standard deviation too far, close the position when the price is back near the mean.
Use leverage 2, at most 0.1 of the available balance per position, one position per symbol.

${FIGURES_AND_FORM}`;
