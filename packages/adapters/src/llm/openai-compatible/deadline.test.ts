import { FakeClock } from '@hyperoru/testkit';
import { describe, expect, it } from 'vitest';
import { Stopped, startDeadline, startWatchdog } from './deadline.ts';

describe('startDeadline', () => {
  it('aborts when its time is over, not a millisecond earlier', async () => {
    const clock = new FakeClock();
    const deadline = startDeadline(clock, 1000, undefined);
    await clock.advance(999);
    expect([deadline.signal.aborted, deadline.remainingMs()]).toEqual([false, 1]);
    await clock.advance(1);
    expect(deadline.signal.reason).toMatchObject({ reason: 'deadline' });
    expect(deadline.remainingMs()).toBe(0);
  });

  it('refuses a limit that is none', () => {
    for (const ms of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 3_600_001])
      expect(() => startDeadline(new FakeClock(), ms, undefined)).toThrow(RangeError);
  });

  it('aborts with the caller, and lets go of caller and clock at its end', async () => {
    const clock = new FakeClock();
    const caller = new AbortController();
    const canceled = startDeadline(clock, 1000, caller.signal);
    const ended = startDeadline(clock, 1000, caller.signal);
    ended.end();
    caller.abort();
    expect(canceled.signal.reason).toBeInstanceOf(Stopped);
    expect(ended.signal.aborted).toBe(false);
    canceled.end();
    await clock.advance(0);
    expect(clock.waiting).toBe(0);
  });
});

describe('startWatchdog', () => {
  it('barks after quiet, counted from the last touch', async () => {
    const clock = new FakeClock();
    let barks = 0;
    const dog = startWatchdog(clock, 100, () => {
      barks += 1;
    });
    for (let touch = 0; touch < 5; touch++) {
      await clock.advance(99);
      dog.touch();
    }
    await clock.advance(99);
    expect(barks).toBe(0);
    await clock.advance(1);
    expect(barks).toBe(1);
  });

  it('is silent after its end', async () => {
    const clock = new FakeClock();
    let barks = 0;
    startWatchdog(clock, 100, () => {
      barks += 1;
    }).end();
    await clock.advance(1000);
    expect([barks, clock.waiting]).toEqual([0, 0]);
  });
});
