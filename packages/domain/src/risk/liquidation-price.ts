import type { EntryPlan } from '../decisions/plan.ts';
import { priceOfExhaustion } from '../matching/margin.ts';
import { add, type Decimal, decimal, div, mul, neg, ZERO } from '../money/decimal.ts';
import type { Position } from '../positions/position.ts';

/**
 * Price at which the position would be liquidated once the plan is filled at its limit, the worst price it may take;
 * null when no positive price does that. Only the position's own margin is counted, entry ÷ leverage, so on an account
 * in cross margin the true price is farther away. It solves margin + PnL = maintenance rate × notional for the price:
 * long entry × (1 − 1/leverage) ÷ (1 − rate), short entry × (1 + 1/leverage) ÷ (1 + rate). Both venues document this
 * equation: Hyperliquid under "Liquidations" (liq_price = price − side × margin available ÷ size ÷ (1 − l × side)),
 * Binance under "How to calculate liquidation price of USDⓈ-M futures contracts" for one position of one tier.
 */
export function plannedLiquidationPrice(plan: EntryPlan, position: Position | null, maintenanceMarginRate: Decimal): Decimal | null {
  const quantity = add(plan.quantity, position?.quantity ?? ZERO);
  const cost = add(mul(plan.quantity, plan.limitPrice), position === null ? ZERO : mul(position.quantity, position.averageEntryPrice));
  const planned = {
    symbol: plan.symbol,
    quantity: plan.side === 'buy' ? quantity : neg(quantity),
    averageEntryPrice: div(cost, quantity),
    leverage: plan.leverage,
  };
  return priceOfExhaustion(planned, div(cost, decimal(String(plan.leverage))), maintenanceMarginRate);
}
