import type { SliceSummary } from './lines.ts';

/** Situations that the seeds together have to meet; one that never happens proves nothing about the code that handles it. */
export const SITUATIONS = [
  'crash',
  'power_loss',
  'crash before an order left',
  'crash after an order left',
  'order ended filled',
  'order ended canceled',
  'order ended rejected',
  'order ended absent',
  'order ended dropped',
  'fault accept_then_silence',
  'fault accept_then_502',
  'fault accept_then_503',
  'fault accept_then_timeout_error',
  'fault accept_then_reset',
  'fault accept_then_cut',
  'fault refuse_then_silence',
  'fault refuse_then_reset',
  'fault answer_late',
  'fault execute_late',
  'fault hide_order',
  'fault partial_fill',
  'fault fill_before_cancel',
  'fault stop_rejected_at_trigger',
  'fault rate_limited',
  'fault unreachable',
  'fault ws_lose',
  'fault ws_swap',
  'fault ws_duplicate',
  'fault ws_repeat_snapshot',
  'fault ws_drop',
  'fault ws_silence',
  'through plain',
  'through hyperliquid',
  'through binance',
  'a kill was carried out',
  'an order by hand was answered',
] as const;

/** Those that no seed of the slice has met. */
export const missedSituations = ({ reached }: Pick<SliceSummary, 'reached'>): readonly string[] =>
  SITUATIONS.filter((situation) => (reached[situation] ?? 0) === 0);
