import { FakeClock } from '@hyperoru/testkit';
import { describe, expect, it } from 'vitest';
import { capabilityMemory, FULL_CAPABILITY, rungBelow } from './capability.ts';
import { adaptTo } from './quirks.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const TEXT = { ...FULL_CAPABILITY, rung: 'text' } as const;

describe('capabilityMemory', () => {
  it('forgets after a day, even when it was confirmed meanwhile', async () => {
    const clock = new FakeClock();
    const memory = capabilityMemory(clock);
    memory.remember('o', 'm', TEXT);
    await clock.advance(DAY_MS - 1);
    memory.remember('o', 'm', TEXT);
    expect(memory.recall('o', 'm')).toEqual(TEXT);
    await clock.advance(1);
    expect(memory.recall('o', 'm')).toEqual(FULL_CAPABILITY);
  });

  it('keeps origins and models apart, and at most 500 of them', () => {
    const memory = capabilityMemory(new FakeClock());
    memory.remember('a', 'b', TEXT);
    expect(memory.recall('b', 'a')).toEqual(FULL_CAPABILITY);
    for (let index = 0; index < 500; index++) memory.remember('o', String(index), TEXT);
    expect(memory.recall('a', 'b')).toEqual(FULL_CAPABILITY);
    expect(memory.recall('o', '0')).toEqual(TEXT);
  });
});

describe('adaptTo', () => {
  it('comes to an end from every start, whatever the endpoint says', () => {
    for (const saying of ['max_tokens unsupported', 'max_tokens too large', 'temperature', 'response_format', 'no']) {
      let now: ReturnType<typeof adaptTo> = FULL_CAPABILITY;
      let steps = 0;
      for (; now !== null && steps < 10; steps++) now = adaptTo(saying, now);
      expect(steps).toBeLessThanOrEqual(6);
    }
  });

  it('gives up at once where no simpler request helps', () => {
    for (const saying of [
      "This model's maximum context length is 8192 tokens.",
      'Model Not Exist',
      'Your credit balance is too low',
      'API key not valid',
    ])
      expect(adaptTo(saying, FULL_CAPABILITY)).toBeNull();
  });

  it('goes down one rung for everything else', () => {
    expect(adaptTo('Invalid schema for response_format', FULL_CAPABILITY)?.rung).toBe('json_object');
    expect(rungBelow(TEXT)).toBeNull();
  });
});
