import type { RiskFields } from './risk-fields.ts';

/** Fields that are typed; the others are chosen. */
export type TypedField = Exclude<keyof RiskFields, 'require_stop_loss' | 'on_protection_failure' | 'on_external_activity'>;

interface Label {
  readonly name: TypedField;
  readonly label: string;
  /** Unit, range and what an empty field means. */
  readonly hint: string;
}

/** The typed limits as a person reads them, in groups of one thought each. */
export const RISK_GROUPS: readonly { readonly title: string; readonly fields: readonly Label[] }[] = [
  {
    title: 'Size',
    fields: [
      { name: 'max_leverage', label: 'Highest leverage', hint: '1 to 125' },
      { name: 'max_order_notional', label: 'Largest order', hint: 'Notional, in quote currency' },
      { name: 'max_total_notional', label: 'Largest exposure in total', hint: 'Notional, in quote currency' },
      {
        name: 'max_same_direction_notional',
        label: 'Largest exposure on one side',
        hint: 'Long or short, in quote currency; empty: no limit',
      },
      { name: 'max_open_positions', label: 'Open positions at most', hint: '1 to 100' },
      { name: 'allowed_symbols', label: 'Allowed symbols', hint: 'Such as BTC, ETH; empty: all' },
    ],
  },
  {
    title: 'Losses and pace',
    fields: [
      { name: 'max_daily_loss', label: 'Stop for the day after losing', hint: 'In quote currency; empty: no limit' },
      { name: 'max_drawdown', label: 'Stop after falling from the peak by', hint: 'In % of the highest balance; empty: no limit' },
      { name: 'cooldown_minutes', label: 'Pause after a loss', hint: 'In minutes, 0 to 10080; 0: no pause' },
      { name: 'max_orders_per_hour', label: 'Orders per hour at most', hint: '1 to 1000' },
      { name: 'llm_daily_budget_usd', label: 'Model budget per day', hint: 'In USD; empty: no limit. Exits are never stopped by it.' },
    ],
  },
  {
    title: 'Prices and protection',
    fields: [{ name: 'max_price_deviation', label: 'Limit price at most this far off', hint: 'In % of the mark price, up to 100' }],
  },
];
