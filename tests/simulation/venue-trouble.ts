import type { WaitingFault } from '@hyperoru/testkit';
import type { Swarm, Trouble } from './swarm.ts';

const REQUESTS = ['place', 'cancel'] as const;

/** What the venue and the network do by themselves, as faults that are drawn for every request, order or event. */
const FAULTS: Readonly<Partial<Record<Trouble, readonly (readonly [number, (strength: number) => WaitingFault])[]>>> = {
  answer_lost: [
    [0.25, () => ({ kind: 'accept_then_silence', operation: REQUESTS })],
    [0.15, () => ({ kind: 'accept_then_reset', operation: REQUESTS })],
    [0.1, () => ({ kind: 'accept_then_cut', operation: REQUESTS })],
    [0.1, () => ({ kind: 'refuse_then_silence' })],
  ],
  request_lost: [
    [0.15, () => ({ kind: 'refuse_then_silence', operation: REQUESTS })],
    [0.15, () => ({ kind: 'refuse_then_reset' })],
  ],
  error_though_accepted: [
    [0.25, () => ({ kind: 'accept_then_502', operation: REQUESTS })],
    [0.15, () => ({ kind: 'accept_then_503', operation: REQUESTS })],
    [0.1, () => ({ kind: 'accept_then_timeout_error', operation: REQUESTS })],
    [0.1, () => ({ kind: 'refuse_then_503', operation: REQUESTS })],
  ],
  answer_late: [[0.3, (strength) => ({ kind: 'answer_late', ms: Math.round(500 + 6_000 * strength) })]],
  execute_late: [[0.3, (strength) => ({ kind: 'execute_late', operation: REQUESTS, ms: Math.round(1_000 + 9_000 * strength) })]],
  hidden_order: [[0.4, (strength) => ({ kind: 'hide_order', ms: Math.round(2_000 + 40_000 * strength * strength) })]],
  partial_fill: [[0.6, (strength) => ({ kind: 'partial_fill', share: 0.1 + 0.7 * strength })]],
  fill_during_cancel: [[0.6, () => ({ kind: 'fill_before_cancel' })]],
  stop_rejected: [[0.5, () => ({ kind: 'stop_rejected_at_trigger' })]],
  rate_limited: [[0.2, () => ({ kind: 'rate_limited', retryAfterMs: 1_000 })]],
  unreachable: [[0.2, () => ({ kind: 'unreachable' })]],
  event_lost: [[0.4, () => ({ kind: 'ws_lose' })]],
  event_late: [[0.2, () => ({ kind: 'ws_swap' })]],
  event_twice: [
    [0.4, () => ({ kind: 'ws_duplicate' })],
    [0.1, () => ({ kind: 'ws_repeat_snapshot' })],
  ],
  stream_gap: [
    [0.1, () => ({ kind: 'ws_drop' })],
    [0.05, () => ({ kind: 'ws_silence' })],
  ],
};

/** The standing faults of a seed, each with its chance. */
export function standingFaults(swarm: Swarm): readonly WaitingFault[] {
  return (Object.entries(FAULTS) as [Trouble, (typeof FAULTS)[Trouble]][]).flatMap(([trouble, faults]) =>
    swarm[trouble] === 0
      ? []
      : (faults ?? []).map(([share, make]) => ({ ...make(swarm[trouble]), count: null, chance: share * swarm[trouble] })),
  );
}
