import { asId, type BindingId, type BindingTrigger, slotPhaseMs, timestamp, toIso } from '@hyperoru/domain';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextSlot, scheduleProblem } from './next-slot.ts';
import { wallMs } from './zone-time.ts';

const ID = asId<BindingId>('6f0d3c9e-2b51-4c3a-9d27-8e1a5b7c4f10');
const at = (iso: string) => timestamp(Date.parse(iso));
const every = (intervalSeconds: number): BindingTrigger => ({ type: 'schedule', intervalSeconds });
const cron = (text: string, timezone = 'UTC'): BindingTrigger => ({ type: 'schedule', cron: text, timezone });

/** The next `count` slots as ISO times without seconds. */
function slots(trigger: BindingTrigger, after: string, count: number): readonly string[] {
  const found: string[] = [];
  let last = at(after);
  for (let index = 0; index < count; index += 1) {
    last = nextSlot(trigger, last, ID);
    found.push(toIso(last).slice(0, 16));
  }
  return found;
}

describe('interval slots', () => {
  test('are multiples of the interval since 1970 plus the phase of their binding, strictly after the moment', () => {
    const phase = slotPhaseMs(ID, 60_000);
    expect(nextSlot(every(60), timestamp(phase + 59_999), ID)).toBe(phase + 60_000);
    expect(nextSlot(every(60), timestamp(phase + 60_000), ID)).toBe(phase + 120_000);
    expect(nextSlot(every(60), timestamp(0), ID)).toBe(phase);
  });

  test('come within one interval of any moment and then one interval apart, for every interval and binding', () => {
    const id = fc.uuid().map((text) => asId<BindingId>(text));
    fc.assert(
      fc.property(id, fc.integer({ min: 5, max: 86_400 }), fc.integer({ min: 0, max: 4_000_000_000_000 }), (binding, seconds, after) => {
        const slot = nextSlot(every(seconds), timestamp(after), binding);
        expect(slot % (seconds * 1000)).toBe(slotPhaseMs(binding, seconds * 1000));
        expect(slot).toBeGreaterThan(after);
        expect(slot - after).toBeLessThanOrEqual(seconds * 1000);
        expect(nextSlot(every(seconds), slot, binding)).toBe(slot + seconds * 1000);
      }),
    );
  });

  test('of different bindings fall on different moments', () => {
    const others = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'].map((id) => asId<BindingId>(id));
    expect(new Set([ID, ...others].map((id) => nextSlot(every(60), timestamp(0), id))).size).toBe(3);
  });

  test('exist from 5 seconds to a day', () => {
    expect(scheduleProblem(every(4), timestamp(0))).toContain('from 5 to 86400');
    expect(scheduleProblem(every(5), timestamp(0))).toBeNull();
    expect(scheduleProblem(every(86_400), timestamp(0))).toBeNull();
    expect(scheduleProblem(every(86_401), timestamp(0))).toContain('from 5 to 86400');
    expect(scheduleProblem(every(5.5), timestamp(0))).toContain('from 5 to 86400');
  });
});

describe('cron slots', () => {
  test('keep their moment whatever the binding', () => {
    const other = asId<BindingId>('00000000-0000-4000-8000-000000000001');
    const hourly = cron('0 * * * *');
    expect(nextSlot(hourly, timestamp(1), other)).toBe(3_600_000);
    expect(nextSlot(hourly, timestamp(1), ID)).toBe(3_600_000);
  });

  test('come at the named minutes, in UTC', () => {
    expect(slots(cron('*/15 8-9 * * *'), '2026-01-05T08:40:00Z', 5)).toEqual([
      '2026-01-05T08:45',
      '2026-01-05T09:00',
      '2026-01-05T09:15',
      '2026-01-05T09:30',
      '2026-01-05T09:45',
    ]);
  });

  test('are strictly after the moment, also when it is a slot itself', () => {
    expect(slots(cron('0 12 * * *'), '2026-01-05T12:00:00Z', 1)).toEqual(['2026-01-06T12:00']);
    expect(slots(cron('0 12 * * *'), '2026-01-05T11:59:59.999Z', 1)).toEqual(['2026-01-05T12:00']);
  });

  test('take weekdays by number and by name, Sunday as 0 and as 7', () => {
    expect(slots(cron('0 0 * * 1-5'), '2026-01-02T12:00:00Z', 2)).toEqual(['2026-01-05T00:00', '2026-01-06T00:00']);
    expect(slots(cron('0 0 * * MON'), '2026-01-02T12:00:00Z', 1)).toEqual(['2026-01-05T00:00']);
    expect(slots(cron('0 0 * * 0'), '2026-01-02T12:00:00Z', 1)).toEqual(slots(cron('0 0 * * 7'), '2026-01-02T12:00:00Z', 1));
  });

  test('match either day field when both are given', () => {
    expect(slots(cron('0 0 13 * 5'), '2026-02-01T00:00:00Z', 3)).toEqual(['2026-02-06T00:00', '2026-02-13T00:00', '2026-02-20T00:00']);
  });

  test('wait years for 29 February', () => {
    expect(slots(cron('0 6 29 2 *'), '2096-03-01T00:00:00Z', 1)).toEqual(['2104-02-29T06:00']);
  });
});

describe('cron slots where clocks change', () => {
  test('are made up after the jump when clocks skip them', () => {
    expect(slots(cron('30 2 * * *', 'Europe/Berlin'), '2026-03-28T00:00:00Z', 3)).toEqual([
      '2026-03-28T01:30',
      '2026-03-29T01:30',
      '2026-03-30T00:30',
    ]);
  });

  test('are made up also when midnight is skipped', () => {
    expect(slots(cron('0 0 * * *', 'America/Sao_Paulo'), '2018-11-03T10:00:00Z', 2)).toEqual(['2018-11-04T03:00', '2018-11-05T02:00']);
  });

  test('come once when clocks repeat them', () => {
    expect(slots(cron('30 2 * * *', 'Europe/Berlin'), '2026-10-24T12:00:00Z', 2)).toEqual(['2026-10-25T00:30', '2026-10-26T01:30']);
  });

  test('go on through the repeated hour when every hour is named', () => {
    expect(slots(cron('*/30 * * * *', 'Europe/Berlin'), '2026-10-25T00:00:00Z', 4)).toEqual([
      '2026-10-25T00:30',
      '2026-10-25T01:00',
      '2026-10-25T01:30',
      '2026-10-25T02:00',
    ]);
  });

  test('work where clocks change by half an hour', () => {
    expect(slots(cron('15 2 * * *', 'Australia/Lord_Howe'), '2026-10-03T00:00:00Z', 2)).toEqual(['2026-10-03T15:45', '2026-10-04T15:15']);
    expect(slots(cron('45 1 * * *', 'Australia/Lord_Howe'), '2026-04-03T20:00:00Z', 2)).toEqual(['2026-04-04T14:45', '2026-04-05T15:15']);
  });

  test('move forward without end and show the named minute, in every zone', () => {
    const zones = [
      'UTC',
      'Europe/Berlin',
      'America/New_York',
      'America/Sao_Paulo',
      'Asia/Kolkata',
      'Australia/Lord_Howe',
      'Pacific/Chatham',
    ];
    const minute = fc.integer({ min: 0, max: 59 });
    const hour = fc.option(fc.integer({ min: 0, max: 23 }), { nil: null });
    fc.assert(
      fc.property(fc.constantFrom(...zones), minute, hour, fc.integer({ min: 0, max: 1_900_000_000_000 }), (zone, m, h, start) => {
        const trigger = cron(`${m} ${h ?? '*'} * * *`, zone);
        let last = timestamp(start);
        for (let index = 0; index < 4; index += 1) {
          const slot = nextSlot(trigger, last, ID);
          expect(slot).toBeGreaterThan(last);
          // Nothing lies between: asking from anywhere in the gap gives the same slot.
          expect(nextSlot(trigger, timestamp(last + Math.floor((slot - last) / 2)), ID)).toBe(slot);
          // A day's slots are at most a day and one change of clocks apart.
          if (index > 0) expect(slot - last).toBeLessThanOrEqual(26 * 3_600_000);
          const shown = new Date(wallMs(zone, slot));
          const isPlain = shown.getUTCMinutes() === m && (h === null || shown.getUTCHours() === h);
          if (!isPlain) expect(isSkipped(zone, slot)).toBe(true);
          last = slot;
        }
      }),
      { numRuns: 200 },
    );
  });
});

/** True when the zone's clock was set forward within the two hours before the moment. */
function isSkipped(zone: string, slot: number): boolean {
  const offset = (moment: number) => wallMs(zone, moment) - moment;
  return offset(slot) > offset(slot - 2 * 3_600_000);
}

describe('scheduleProblem', () => {
  const now = at('2026-01-05T00:00:00Z');

  test.each([
    '* * * *',
    '* * * * * *',
    '@daily',
    '60 * * * *',
    '0 24 * * *',
    '0 0 0 * *',
    '0 0 * 13 *',
    '0 0 * * 8',
    'a b c d e',
    '0  0 * * *',
    'H * * * *',
    '0 0 L * *',
    '0 0 ? * *',
    '5/0 * * * *',
    '0 0 1-0 * *',
    '',
  ])('names what is wrong with "%s"', (text) => {
    expect(scheduleProblem(cron(text), now)).toMatch(/^Expected /);
  });

  test('names a date that never comes', () => {
    expect(scheduleProblem(cron('0 0 30 2 *'), now)).toMatch(/^Expected /);
    expect(scheduleProblem(cron('0 0 31 2,4 *'), now)).toMatch(/^Expected /);
  });

  test('names an unknown time zone', () => {
    expect(scheduleProblem(cron('0 0 * * *', 'Mars/Olympus'), now)).toContain('Expected a time zone');
  });

  test('is null for schedules that work', () => {
    expect(scheduleProblem(cron('*/5 * * * *'), now)).toBeNull();
    expect(scheduleProblem(cron('0 8-18/2 1,15 jan-MAR mon', 'Asia/Tokyo'), now)).toBeNull();
  });
});
