import type { Draw } from './draw.ts';

/** Trouble a seed can know; each is on or off per seed, and has a strength. */
export const TROUBLES = [
  'crash',
  'crash_at_store',
  'crash_at_send',
  'power_loss',
  'store_error',
  'store_delay',
  'answer_lost',
  'request_lost',
  'error_though_accepted',
  'answer_late',
  'execute_late',
  'hidden_order',
  'partial_fill',
  'fill_during_cancel',
  'stop_rejected',
  'stop_canceled_by_hand',
  'rate_limited',
  'venue_down',
  'unreachable',
  'event_lost',
  'event_late',
  'event_twice',
  'stream_gap',
  'clock_jump',
  'clock_skew',
  'quotes_blind',
  'price_gap',
  'model_garbage',
  'model_slow',
  'model_error',
  'freeze',
  'pause',
  'delete',
  'reduce_only',
  'kill',
  'close_by_hand',
  'manual_order',
  'cancel_order',
  'duplicate_trigger',
  'foreign_order',
  'foreign_close',
  'transfer',
  'halt',
] as const;
export type Trouble = (typeof TROUBLES)[number];

/** Which trouble a seed knows and how likely each is at its occasion, 0 = never. */
export type Swarm = Readonly<Record<Trouble, number>>;

/** Seeds without any trouble, which must simply work. */
const CALM_SHARE = 0.1;
/** Share of the kinds of trouble that a troubled seed knows. */
const KINDS_SHARE_MAX = 0.6;

export const NO_TROUBLE = Object.fromEntries(TROUBLES.map((trouble) => [trouble, 0])) as Swarm;

/** First decide which faults exist in this seed, then how strong each is: few strong ones find what many weak ones hide. */
export function drawSwarm(draw: Draw, without: ReadonlySet<Trouble>): Swarm {
  const isCalm = draw.chance(CALM_SHARE);
  const share = draw.between(0.05, KINDS_SHARE_MAX);
  const entries = TROUBLES.map((trouble) => {
    const isOn = draw.chance(share);
    const strength = draw.between(0.05, 1);
    return [trouble, isOn && !isCalm && !without.has(trouble) ? strength : 0] as const;
  });
  return Object.fromEntries(entries) as Swarm;
}
