import { type AlertId, asId, type Trader } from '@hyperoru/domain';
import { acknowledgeAlert, notifyAlerts, type OwnerScope, raiseAlert } from '@hyperoru/engine';
import { memoryLog } from '@hyperoru/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addPerson, addTrader, codeOf, type EngineWorld, openEngineWorld, valueOf } from './engine-world.ts';

let world: EngineWorld;
let ann: OwnerScope;
let trader: Trader;
beforeAll(async () => {
  world = await openEngineWorld();
  ann = await addPerson(world, 'ann');
  trader = await addTrader(world, ann);
});
afterAll(() => world.close());

const raise = (code: string) =>
  world.deps.store.transaction((tx) => raiseAlert(world.deps, tx, { trader, severity: 'warning', code, message: 'Something happened.' }));

describe('an alert', () => {
  test('is raised once while it is open, and again after it was acknowledged', async () => {
    const alert = await raise('stop_loss_failed');
    expect(alert).toMatchObject({ ownerId: ann.userId, traderId: trader.id, code: 'stop_loss_failed', acknowledgedAt: null });
    expect(await raise('stop_loss_failed')).toBeNull();
    expect(await raise('take_profit_failed')).not.toBeNull();
    valueOf(await acknowledgeAlert(world.deps, ann, { id: alert?.id ?? asId<AlertId>(world.deps.ids.uuid()) }));
    expect(await raise('stop_loss_failed')).not.toBeNull();
  });

  test('tells the stream when it is raised and when it is acknowledged, once each', async () => {
    const before = await world.deps.readModel.lastEventSeq();
    const alert = await raise('told');
    const input = { id: alert?.id ?? asId<AlertId>(world.deps.ids.uuid()) };
    const first = valueOf(await acknowledgeAlert(world.deps, ann, input));
    world.clock.jumpWall(1_000);
    expect(valueOf(await acknowledgeAlert(world.deps, ann, input))).toEqual(first);
    const events = await world.deps.readModel.eventsAfter(before, 10);
    expect(events.map((event) => event.topic)).toEqual(['alert.raised', 'alert.acknowledged']);
  });

  test('of others is acknowledged by nobody else, with the answer of a missing one', async () => {
    const bob = await addPerson(world, 'bob');
    const alert = await raise('private');
    const foreign = await acknowledgeAlert(world.deps, bob, { id: alert?.id ?? asId<AlertId>(world.deps.ids.uuid()) });
    expect(codeOf(foreign)).toBe('not_found');
    expect(foreign).toEqual(await acknowledgeAlert(world.deps, bob, { id: asId<AlertId>(world.deps.ids.uuid()) }));
  });

  test('reaches the others when one message is lost, and the loss is logged', async () => {
    const [one, two] = [await raise('lost'), await raise('kept')];
    const sent: string[] = [];
    const log = memoryLog();
    const notify = async (alert: { readonly code: string }) => {
      if (alert.code === 'lost') throw new Error('no network');
      sent.push(alert.code);
    };
    await notifyAlerts(
      { notifier: { notify }, log },
      [one, two].flatMap((alert) => alert ?? []),
    );
    expect(sent).toEqual(['kept']);
    expect(log.entries).toMatchObject([{ level: 'warn', event: 'alert.notify_failed', fields: { code: 'lost' } }]);
  });
});
