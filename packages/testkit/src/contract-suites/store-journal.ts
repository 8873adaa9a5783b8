import { type Alert, type AlertId, addMs, asId, type Json } from '@hyperoru/domain';
import type { StreamEvent } from '@hyperoru/engine';
import { describe, expect, it } from 'vitest';
import { FAKE_EPOCH } from '../system/fake-clock.ts';
import { plantWorld, type StoreUnderTest, type StoreWorld, worldIds } from './store-world.ts';

const eventOf = (world: StoreWorld, payload: Json): Omit<StreamEvent, 'seq'> => ({
  at: FAKE_EPOCH,
  ownerId: world.owner.id,
  traderId: world.trader.id,
  topic: 'trader.changed',
  payload,
});

export function describeJournal(subject: () => StoreUnderTest): void {
  describeStream(subject);
  describeAudit(subject);
  describeAlerts(subject);
}

function describeStream(subject: () => StoreUnderTest): void {
  describe('live stream', () => {
    it('gives published events in order after the commit, each once', async () => {
      const { store, readModel } = subject();
      const world = await plantWorld(subject());
      const start = await readModel.lastEventSeq();
      for (const part of [[1, 2], [3]]) {
        await store.transaction(async (tx) => {
          for (const payload of part) await tx.journal.publish(eventOf(world, payload));
        });
      }
      const read = await readModel.eventsAfter(start, 10);
      expect(read.map((event) => event.payload)).toEqual([1, 2, 3]);
      expect(read[0]).toEqual({ ...eventOf(world, 1), seq: read[0]?.seq });
      const [first, second] = read;
      expect((await readModel.eventsAfter(first?.seq ?? 0, 1)).map((event) => event.seq)).toEqual([second?.seq]);
      expect(await readModel.eventsAfter(await readModel.lastEventSeq(), 10)).toEqual([]);
    });

    it('never lets a reader pass an event that commits late', async () => {
      const { store, readModel } = subject();
      const world = await plantWorld(subject());
      const other = await plantWorld(subject());
      let seen = await readModel.lastEventSeq();
      const payloads: Json[] = [];
      const read = async () => {
        for (const event of await readModel.eventsAfter(seen, 100)) {
          seen = event.seq;
          payloads.push(event.payload);
        }
      };
      await store.transaction(async (slow) => {
        await slow.traders.update(world.trader);
        await slow.journal.publish(eventOf(world, 'slow'));
        await store.transaction(async (fast) => {
          await fast.traders.update(other.trader);
          await fast.journal.publish(eventOf(other, 'fast'));
        });
        await read();
      });
      await read();
      expect([...payloads].sort()).toEqual(['fast', 'slow']);
    });

    it('calls a listener after new events until it unsubscribes', async () => {
      const { store, readModel } = subject();
      const world = await plantWorld(subject());
      const start = await readModel.lastEventSeq();
      let stop: () => void = () => undefined;
      const heard = new Promise<readonly StreamEvent[]>((resolve, reject) => {
        stop = readModel.onEvents(() => {
          readModel.eventsAfter(start, 10).then((events) => events.length > 0 && resolve(events), reject);
        });
      });
      await store.transaction((tx) => tx.journal.publish(eventOf(world, 'hello')));
      expect((await heard).map((event) => event.payload)).toEqual(['hello']);
      stop();
    });
  });
}

function describeAudit(subject: () => StoreUnderTest): void {
  describe('audit log', () => {
    const entryOf = (world: StoreWorld, detail: Json) => ({
      at: FAKE_EPOCH,
      ownerId: world.owner.id,
      actor: `user:${world.owner.id}`,
      action: 'trader.paused',
      subject: world.trader.id,
      detail,
    });

    it('chains entries without a gap, also when many transactions append at once', async () => {
      const { store, readModel } = subject();
      const world = await plantWorld(subject());
      const before = (await readModel.verifyAudit()).entries;
      await Promise.all(
        Array.from({ length: 12 }, (_, place) =>
          store.transaction((tx) => tx.journal.audit(entryOf(world, { place, list: [0.1, null, 'ü'] }))),
        ),
      );
      expect(await readModel.verifyAudit()).toEqual({ entries: before + 12, firstBrokenSeq: null });
    });

    it('gives an owner every own entry in slices and none of another', async () => {
      const { store, readModel } = subject();
      const [mine, other] = [await plantWorld(subject()), await plantWorld(subject())];
      await store.transaction(async (tx) => {
        for (const place of [1, 2]) await tx.journal.audit(entryOf(mine, place));
        await tx.journal.audit(entryOf(other, 0));
        await tx.journal.audit(entryOf(mine, 3));
      });
      const first = await readModel.auditEntries(mine.scope, 0, 2);
      const rest = await readModel.auditEntries(mine.scope, first.at(-1)?.seq ?? 0, 2);
      expect([...first, ...rest].map((entry) => entry.detail)).toEqual([1, 2, 3]);
      expect(first[0]?.hash).toMatch(/^[0-9a-f]{64}$/);
    });
  });
}

function describeAlerts(subject: () => StoreUnderTest): void {
  describe('alerts and settings', () => {
    it('knows an open alert by trader and code until it is acknowledged', async () => {
      const { store } = subject();
      const world = await plantWorld(subject());
      const alert: Alert = {
        id: asId<AlertId>(worldIds.uuid()),
        ownerId: world.owner.id,
        traderId: world.trader.id,
        severity: 'critical',
        code: 'bare_position',
        message: 'No stop rests.',
        createdAt: FAKE_EPOCH,
        acknowledgedAt: null,
      };
      const isOpen = (code: string) => store.transaction((tx) => tx.journal.hasOpenAlert(world.trader.id, code));
      await store.transaction((tx) => tx.journal.insertAlert(alert));
      expect(await isOpen('bare_position')).toBe(true);
      expect(await isOpen('other')).toBe(false);
      const done = { ...alert, acknowledgedAt: addMs(FAKE_EPOCH, 1) };
      await store.transaction((tx) => tx.journal.updateAlert(done));
      expect(await isOpen('bare_position')).toBe(false);
      expect(await store.transaction((tx) => tx.journal.getAlert(alert.id))).toEqual(done);
    });

    it('keeps the last value of a setting', async () => {
      const { store } = subject();
      const key = worldIds.uuid();
      expect(await store.transaction((tx) => tx.journal.getSetting(key))).toBeNull();
      for (const value of [{ a: [1, 'x'] }, null, false]) {
        await store.transaction((tx) => tx.journal.putSetting(key, value));
        expect(await store.transaction((tx) => tx.journal.getSetting(key))).toEqual(value);
      }
    });
  });
}
