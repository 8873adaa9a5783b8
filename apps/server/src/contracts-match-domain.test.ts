import {
  CHANNEL_TOPICS,
  Channel,
  Environment,
  Interval,
  Operation,
  OrderState,
  RunOutcome,
  TimeInForce,
  TriggerCause,
  Venue,
} from '@hyperoru/contracts';
import { ENVIRONMENTS, INTERVALS, OPERATIONS, ORDER_STATES, RUN_OUTCOMES, TIMES_IN_FORCE, TRIGGER_CAUSES, VENUES } from '@hyperoru/domain';
import { EVENT_TOPICS } from '@hyperoru/engine';
import { describe, expect, it } from 'vitest';

describe('the words of the API', () => {
  it.each([
    ['venues', Venue.options, VENUES],
    ['environments', Environment.options, ENVIRONMENTS],
    ['intervals', Interval.options, INTERVALS],
    ['operations', Operation.options, OPERATIONS],
    ['order states', OrderState.options, ORDER_STATES],
    ['run outcomes', RunOutcome.options, RUN_OUTCOMES],
    ['times in force', TimeInForce.options, TIMES_IN_FORCE],
    ['trigger causes', TriggerCause.options, TRIGGER_CAUSES],
  ])('for %s are those of the domain', (_name, words, domain) => {
    expect([...words].toSorted()).toEqual([...domain].toSorted());
  });

  it('for events: every topic of the engine has exactly one channel', () => {
    const topics = Channel.options.flatMap((channel) => [...CHANNEL_TOPICS[channel]]);
    expect(topics.toSorted()).toEqual([...EVENT_TOPICS].toSorted());
  });
});
