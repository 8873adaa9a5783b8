import { describe, expect, it } from 'vitest';
import { systemClock } from './clock.ts';

describe('systemClock', () => {
  it('gives integer milliseconds as wall time and never runs backwards', () => {
    const first = systemClock.monotonicMs();
    expect(Number.isInteger(systemClock.now())).toBe(true);
    expect(systemClock.monotonicMs()).toBeGreaterThanOrEqual(first);
  });

  it('resolves a sleep of 0 ms', async () => {
    await expect(systemClock.sleep(0)).resolves.toBeUndefined();
  });

  it('rejects a sleep with the reason of the signal, before and during', async () => {
    const before = new AbortController();
    before.abort(new Error('before'));
    await expect(systemClock.sleep(60_000, before.signal)).rejects.toThrow('before');
    const during = new AbortController();
    const sleeping = systemClock.sleep(60_000, during.signal);
    during.abort(new Error('during'));
    await expect(sleeping).rejects.toThrow('during');
  });

  it('refuses durations a timer cannot hold, on both sides', async () => {
    await expect(systemClock.sleep(-1)).rejects.toThrow(RangeError);
    await expect(systemClock.sleep(2_147_483_648)).rejects.toThrow(RangeError);
    await expect(systemClock.sleep(Number.NaN)).rejects.toThrow(RangeError);
    expect(() => systemClock.every(0, () => undefined)).toThrow(RangeError);
  });

  it('calls back until it is stopped', async () => {
    const calls: number[] = [];
    await new Promise<void>((resolve) => {
      const stop = systemClock.every(1, () => {
        calls.push(calls.length);
        if (calls.length === 3) {
          stop();
          resolve();
        }
      });
    });
    expect(calls).toEqual([0, 1, 2]);
  });
});
