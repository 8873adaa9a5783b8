import type { DecisionId, PositionId, TraderId } from '../ids/ids.ts';
import type { Symbol } from '../market/instrument.ts';
import type { Decimal } from '../money/decimal.ts';
import type { Timestamp } from '../time/timestamp.ts';

export type PositionSide = 'long' | 'short';

/**
 * One round trip of a trader in a symbol, from flat to flat. Built from fills alone.
 * realizedPnl excludes fees and funding; net = realizedPnl − fees + funding.
 */
export interface Position {
  readonly id: PositionId;
  readonly traderId: TraderId;
  readonly symbol: Symbol;
  readonly side: PositionSide;
  /** Open quantity in base units; 0 once closed. */
  readonly quantity: Decimal;
  /** Sum of everything that opened or increased it; what was closed so far is enteredQuantity − quantity. */
  readonly enteredQuantity: Decimal;
  readonly averageEntryPrice: Decimal;
  readonly averageExitPrice: Decimal | null;
  readonly leverage: number;
  readonly realizedPnl: Decimal;
  readonly fees: Decimal;
  /** Sum of funding payments; positive = received. */
  readonly funding: Decimal;
  /** The decision whose fill opened it; null when it was adopted or opened by hand. */
  readonly openedByDecisionId: DecisionId | null;
  readonly openedAt: Timestamp;
  readonly closedAt: Timestamp | null;
  /** What closed it: `close`, `stop_loss`, `take_profit`, `liquidation`, `external`; null while open. */
  readonly closedBy: string | null;
}
