import type { Symbol } from '../market/instrument.ts';
import { type Decimal, decimal } from '../money/decimal.ts';

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
  llmDailyBudgetUsd: decimal('5'),
});
