import type { Symbol } from '../market/instrument.ts';
import { type Decimal, decimal } from '../money/decimal.ts';

export const EXTERNAL_POLICIES = ['adopt', 'ignore', 'alarm'] as const;
export type ExternalPolicy = (typeof EXTERNAL_POLICIES)[number];

/** What a trader may do. null = no limit of this kind. Amounts in quote currency (USD). */
export interface RiskLimits {
  readonly maxLeverage: number;
  readonly maxOrderNotional: Decimal;
  readonly maxTotalNotional: Decimal;
  readonly maxOpenPositions: number;
  /** null = every symbol the venue lists. */
  readonly allowedSymbols: readonly Symbol[] | null;
  readonly maxDailyLoss: Decimal | null;
  readonly maxOrdersPerHour: number;
  readonly requireStopLoss: boolean;
  readonly onProtectionFailure: 'flatten' | 'alert_only';
  /** Largest distance of an order's limit price from the mark, as a share. */
  readonly maxPriceDeviation: Decimal;
  /** No entry in any symbol for this long after a position was closed with a loss, minutes; 0 = none. */
  readonly cooldownMinutes: number;
  /** Largest fall of the realized result from its peak, as a share of the peak balance; entries stop beyond. */
  readonly maxDrawdown: Decimal | null;
  /** Largest sum of notional on one side, long or short. */
  readonly maxSameDirectionNotional: Decimal | null;
  /** Orders and positions on the account that are not ours: take them over, leave them, or leave them and raise an alert. */
  readonly onExternalActivity: ExternalPolicy;
  readonly llmDailyBudgetUsd: Decimal | null;
}

/** Cautious start for a new trader; every value can be changed by its owner. */
export const DEFAULT_RISK_LIMITS: RiskLimits = Object.freeze({
  maxLeverage: 3,
  maxOrderNotional: decimal('5000'),
  maxTotalNotional: decimal('10000'),
  maxOpenPositions: 3,
  allowedSymbols: null,
  maxDailyLoss: decimal('500'),
  maxOrdersPerHour: 30,
  requireStopLoss: true,
  onProtectionFailure: 'flatten',
  maxPriceDeviation: decimal('0.05'),
  cooldownMinutes: 0,
  maxDrawdown: decimal('0.3'),
  maxSameDirectionNotional: null,
  onExternalActivity: 'alarm',
  llmDailyBudgetUsd: decimal('5'),
});
