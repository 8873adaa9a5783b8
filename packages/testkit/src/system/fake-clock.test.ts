import { describe, expect, it } from 'vitest';
import { FAKE_EPOCH, FakeClock } from './fake-clock.ts';

describe('FakeClock', () => {
  it('stands still until it is advanced', async () => {
    const clock = new FakeClock();
    expect([clock.now(), clock.monotonicMs()]).toEqual([FAKE_EPOCH, 0]);
    await clock.advance(1500);
    expect([clock.now(), clock.monotonicMs()]).toEqual([FAKE_EPOCH + 1500, 1500]);
  });

  it('ends a sleep exactly when its time has come, not a millisecond earlier', async () => {
    const clock = new FakeClock();
    let isAwake = false;
    expect(clock.nextDueMs).toBeNull();
    void clock.sleep(100).then(() => {
      isAwake = true;
    });
    await clock.advance(99);
    expect(clock.nextDueMs).toBe(1);
    expect(isAwake).toBe(false);
    await clock.advance(1);
    expect(isAwake).toBe(true);
  });

  it('fires in order of time, and work started by a firing sees the time of that firing', async () => {
    const clock = new FakeClock();
    const seen: string[] = [];
    const stop = clock.every(40, () => seen.push(`every@${clock.monotonicMs()}`));
    void clock.sleep(50).then(async () => {
      seen.push(`sleep@${clock.monotonicMs()}`);
      await clock.sleep(20);
      seen.push(`nested@${clock.monotonicMs()}`);
    });
    await clock.advance(100);
    stop();
    await clock.advance(100);
    expect(seen).toEqual(['every@40', 'sleep@50', 'nested@70', 'every@80']);
    expect(clock.waiting).toBe(0);
  });

  it('rejects an aborted sleep with its reason and forgets it', async () => {
    const clock = new FakeClock();
    const abort = new AbortController();
    const sleeping = clock.sleep(10, abort.signal);
    abort.abort(new Error('stop'));
    await expect(sleeping).rejects.toThrow('stop');
    expect(clock.waiting).toBe(0);
  });

  it('lets the wall clock jump without moving monotonic time', () => {
    const clock = new FakeClock();
    clock.jumpWall(-5000);
    expect([clock.now(), clock.monotonicMs()]).toEqual([FAKE_EPOCH - 5000, 0]);
  });

  it('refuses durations a real timer cannot hold', async () => {
    await expect(new FakeClock().sleep(-1)).rejects.toThrow(RangeError);
    expect(() => new FakeClock().every(0, () => undefined)).toThrow(RangeError);
  });
});
