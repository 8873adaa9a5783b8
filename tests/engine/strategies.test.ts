import { asId, type BindingId, type BindingTrigger, type PromptId, type Trader } from '@hyperoru/domain';
import {
  copyPrompt,
  createBinding,
  createPrompt,
  deleteBinding,
  deletePrompt,
  type EngineDeps,
  getPrompt,
  listBindings,
  listPrompts,
  listPromptVersions,
  nextSlot,
  type OwnerScope,
  patchBinding,
  previewBinding,
  previewPrompt,
  setStatus,
  updatePrompt,
} from '@hyperoru/engine';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addPerson, addTrader, BTC, codeOf, type EngineWorld, ETH, openEngineWorld, valueOf } from './engine-world.ts';

const hourly: BindingTrigger = { type: 'schedule', intervalSeconds: 3600 };

let world: EngineWorld;
let ann: OwnerScope;
let bob: OwnerScope;
let trader: Trader;
beforeAll(async () => {
  world = await openEngineWorld();
  ann = await addPerson(world, 'ann');
  bob = await addPerson(world, 'bob');
  trader = await addTrader(world, ann);
});
afterAll(() => world.close());

const create = async (content = 'Prices: {market_prices}', name = 'Plan'): Promise<PromptId> =>
  valueOf(await createPrompt(world.deps, ann, { name, content })).id;
const bind = async (promptId: PromptId, change: Partial<Parameters<typeof createBinding>[2]> = {}, deps: EngineDeps = world.deps) =>
  createBinding(deps, ann, { traderId: trader.id, promptId, symbols: [BTC], triggers: [], params: {}, enabled: true, ...change });

/** Dependencies whose store tells which slots were asked for, after the commit. */
function watchingSlots(): { readonly deps: EngineDeps; readonly slots: { readonly triggerIndex: number; readonly at: number }[] } {
  const slots: { triggerIndex: number; at: number }[] = [];
  const { store } = world.deps;
  const watching: EngineDeps['store'] = {
    onPublished: (listener) => store.onPublished(listener),
    transaction: (work) =>
      store.transaction((tx) =>
        work({
          ...tx,
          jobs: {
            wake: (traderId) => tx.jobs.wake(traderId),
            laneEpoch: (traderId) => tx.jobs.laneEpoch(traderId),
            scheduleSlot: async (slot) => {
              await tx.jobs.scheduleSlot(slot);
              slots.push({ triggerIndex: slot.triggerIndex, at: slot.at });
            },
          },
        }),
      ),
  };
  return { deps: { ...world.deps, store: watching }, slots };
}

describe('prompts', () => {
  test('begin with version 1, pinned by the hash of their text', async () => {
    const prompt = valueOf(await createPrompt(world.deps, ann, { name: 'Plan', content: 'Decide.', userId: ann.userId }));
    expect(prompt).toMatchObject({ version: 1, content: 'Decide.', contentHash: world.deps.ids.hash('Decide.'), bindingsCount: 0 });
    expect(codeOf(await createPrompt(world.deps, ann, { name: 'Plan', content: 'Decide.', userId: bob.userId }))).toBe('user_id_mismatch');
  });

  test('are refused with the place when a variable is unknown or a brace is stray, and nothing is stored', async () => {
    const before = (await listPrompts(world.deps, ann, { limit: 200, cursor: null })).items.length;
    const result = await createPrompt(world.deps, ann, { name: 'Plan', content: 'Good.\nLook at {{ market_price }}.' });
    expect(result).toMatchObject({ ok: false, error: { code: 'template_invalid' } });
    if (!result.ok) expect(result.error.details?.[0]?.message).toMatch(/^Line 2, column \d+: /);
    expect(codeOf(await createPrompt(world.deps, ann, { name: 'Plan', content: 'Look at {{ market_prices }.' }))).toBe('template_invalid');
    expect((await listPrompts(world.deps, ann, { limit: 200, cursor: null })).items).toHaveLength(before);
  });

  test('get a new version only when the text differs', async () => {
    const promptId = await create('One.');
    const update = async (change: { name?: string; content?: string }) =>
      valueOf(await updatePrompt(world.deps, ann, { promptId, ...change }));
    expect(await update({ name: 'Renamed' })).toMatchObject({ name: 'Renamed', version: 1 });
    expect(await update({ content: 'One.' })).toMatchObject({ version: 1 });
    expect(await update({ content: 'Two.' })).toMatchObject({ name: 'Renamed', version: 2, content: 'Two.' });
    expect(codeOf(await updatePrompt(world.deps, ann, { promptId, content: '{{ nonsense }}' }))).toBe('template_invalid');
    const versions = valueOf(await listPromptVersions(world.deps, ann, { promptId }));
    expect(versions.map((version) => [version.number, version.content])).toEqual([
      [2, 'Two.'],
      [1, 'One.'],
    ]);
  });

  test('number their versions without a gap when changed many times at once', async () => {
    const promptId = await create('v0');
    await Promise.all(Array.from({ length: 8 }, (_, index) => updatePrompt(world.deps, ann, { promptId, content: `v${index + 1}` })));
    const versions = valueOf(await listPromptVersions(world.deps, ann, { promptId }));
    expect(versions.map((version) => version.number)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(valueOf(await getPrompt(world.deps, ann, { promptId })).version).toBe(9);
  });

  test('are copied with their current text under a name that fits', async () => {
    const promptId = await create('One.', 'x'.repeat(80));
    const copy = valueOf(await copyPrompt(world.deps, ann, { promptId }));
    expect(copy).toMatchObject({ content: 'One.', version: 1, name: `${'x'.repeat(73)} (copy)` });
    expect(copy.id).not.toBe(promptId);
  });

  test('are deleted once nothing uses them; their versions stay readable for decisions', async () => {
    const promptId = await create();
    const { currentVersionId } = valueOf(await getPrompt(world.deps, ann, { promptId }));
    const { binding } = valueOf(await bind(promptId));
    const refused = await deletePrompt(world.deps, ann, { promptId });
    expect(refused).toMatchObject({ ok: false, error: { code: 'prompt_in_use', details: [{ field: 'binding', message: binding.id }] } });
    valueOf(await deleteBinding(world.deps, ann, { bindingId: binding.id }));
    expect(codeOf(await deletePrompt(world.deps, ann, { promptId }))).toBeNull();
    expect(codeOf(await getPrompt(world.deps, ann, { promptId }))).toBe('not_found');
    expect(codeOf(await bind(promptId))).toBe('not_found');
    const version = await world.deps.store.transaction((tx) => tx.prompts.getVersion(currentVersionId));
    expect(version?.content).toBe('Prices: {market_prices}');
  });

  test('of others are refused exactly as missing ones', async () => {
    const promptId = await create();
    const nowhere = asId<PromptId>(world.deps.ids.uuid());
    const calls = [
      (id: PromptId) => getPrompt(world.deps, bob, { promptId: id }),
      (id: PromptId) => updatePrompt(world.deps, bob, { promptId: id, name: 'Mine' }),
      (id: PromptId) => copyPrompt(world.deps, bob, { promptId: id }),
      (id: PromptId) => deletePrompt(world.deps, bob, { promptId: id }),
      (id: PromptId) => listPromptVersions(world.deps, bob, { promptId: id }),
    ];
    for (const call of calls) {
      const foreign = await call(promptId);
      expect(codeOf(foreign)).toBe('not_found');
      expect(foreign).toEqual(await call(nowhere));
    }
  });
});

describe('the preview', () => {
  test('renders live prices, in both spellings of a variable, and estimates the tokens', async () => {
    const preview = valueOf(await previewPrompt(world.deps, ann, { content: '{market_prices}|{{ market_prices }}', symbols: [BTC] }));
    const [single, double] = (preview.text ?? '').split('|');
    expect(single).toContain('"BTC"');
    expect(single).not.toContain('"ETH"');
    expect(single).toBe(double);
    expect(preview.approxTokens).toBe(Math.ceil((preview.text?.length ?? 0) / 4));
  });

  test('takes the symbols of the bindings of the trader, else all that are listed', async () => {
    const other = await addTrader(world, ann, { active: false });
    const prices = async () => valueOf(await previewPrompt(world.deps, ann, { content: '{market_prices}', traderId: other.id })).text;
    expect(await prices()).toContain('"BTC"');
    expect(await prices()).toContain('"ETH"');
    valueOf(await bind(await create(), { traderId: other.id, symbols: [ETH] }));
    expect(await prices()).not.toContain('"BTC"');
  });

  test('answers with the problems of a template instead of a text', async () => {
    const preview = valueOf(await previewPrompt(world.deps, ann, { content: '{{ nonsense }}' }));
    expect(preview).toMatchObject({ text: null, approxTokens: null, problems: [{ code: 'unknown_variable', line: 1 }] });
  });

  test('is refused for unknown symbols and for traders of others', async () => {
    const doge = 'DOGE' as typeof BTC;
    expect(codeOf(await previewPrompt(world.deps, ann, { content: 'x', symbols: [doge] }))).toBe('unknown_symbol');
    expect(codeOf(await previewPrompt(world.deps, bob, { content: 'x', traderId: trader.id }))).toBe('not_found');
  });

  test('of a binding renders what the model would be told now', async () => {
    const { binding } = valueOf(await bind(await create('Say: {market_prices}'), { symbols: [ETH] }));
    expect(valueOf(await previewBinding(world.deps, ann, { bindingId: binding.id })).text).toMatch(/^Say: .*"ETH"/);
    expect(codeOf(await previewBinding(world.deps, bob, { bindingId: binding.id }))).toBe('not_found');
  });
});

describe('bindings', () => {
  test('ask for the next slot of each schedule when they are enabled, and for none when not', async () => {
    const promptId = await create();
    const { deps, slots } = watchingSlots();
    const daily: BindingTrigger = { type: 'schedule', cron: '0 12 * * *', timezone: 'UTC' };
    const { binding, nextRunAt } = valueOf(await bind(promptId, { triggers: [hourly, daily], enabled: false }, deps));
    expect(slots).toEqual([]);
    expect(nextRunAt).toBeNull();
    const enabled = valueOf(await patchBinding(deps, ann, { bindingId: binding.id, enabled: true }));
    const now = world.clock.now();
    const next = nextSlot(hourly, now, binding.id);
    expect(slots.map((slot) => slot.triggerIndex)).toEqual([0, 1]);
    expect(slots[0]?.at).toBe(next);
    expect(enabled.nextRunAt).toBe(Math.min(next, slots[1]?.at ?? 0));
    expect(new Date(slots[1]?.at ?? 0).toISOString()).toMatch(/T12:00:00.000Z$/);
  });

  test('start their schedules again when the trader is resumed', async () => {
    const other = await addTrader(world, ann, { active: false });
    valueOf(await bind(await create(), { traderId: other.id, triggers: [hourly] }));
    valueOf(await bind(await create(), { traderId: other.id, triggers: [hourly], enabled: false }));
    const { deps, slots } = watchingSlots();
    valueOf(await setStatus(deps, ann, { traderId: other.id, status: 'active' }));
    expect(slots).toHaveLength(1);
  });

  test('refuse schedules that cannot be followed, naming which', async () => {
    const triggers: BindingTrigger[] = [hourly, { type: 'schedule', cron: '0 25 * * *', timezone: 'UTC' }];
    const result = await bind(await create(), { triggers });
    expect(result).toMatchObject({ ok: false, error: { code: 'schedule_invalid', details: [{ field: 'triggers.1' }] } });
    const { binding } = valueOf(await bind(await create()));
    expect(codeOf(await patchBinding(world.deps, ann, { bindingId: binding.id, triggers }))).toBe('schedule_invalid');
  });

  test('refuse symbols that the exchange does not list, or twice the same', async () => {
    const doge = 'DOGE' as typeof BTC;
    const promptId = await create();
    expect(await bind(promptId, { symbols: [BTC, doge] })).toMatchObject({
      ok: false,
      error: { code: 'unknown_symbol', details: [{ field: 'symbols.1' }] },
    });
    expect(codeOf(await bind(promptId, { symbols: [BTC, BTC] }))).toBe('invalid_request');
    const { binding } = valueOf(await bind(promptId));
    expect(codeOf(await patchBinding(world.deps, ann, { bindingId: binding.id, symbols: [doge] }))).toBe('unknown_symbol');
  });

  test('change what is given and keep the rest', async () => {
    const [first, second] = [await create('One.', 'First'), await create('Two.', 'Second')];
    const { binding } = valueOf(await bind(first, { triggers: [hourly], params: { mood: 'calm' } }));
    const patched = valueOf(await patchBinding(world.deps, ann, { bindingId: binding.id, promptId: second, symbols: [BTC, ETH] }));
    expect(patched).toMatchObject({
      promptName: 'Second',
      binding: { symbols: ['BTC', 'ETH'], triggers: [hourly], params: { mood: 'calm' } },
    });
  });

  test('end at their deletion and are listed no more', async () => {
    const other = await addTrader(world, ann);
    const { binding } = valueOf(await bind(await create(), { traderId: other.id }));
    expect(valueOf(await listBindings(world.deps, ann, { traderId: other.id })).map((view) => view.binding.id)).toEqual([binding.id]);
    valueOf(await deleteBinding(world.deps, ann, { bindingId: binding.id }));
    expect(valueOf(await listBindings(world.deps, ann, { traderId: other.id }))).toEqual([]);
    expect(codeOf(await deleteBinding(world.deps, ann, { bindingId: binding.id }))).toBe('not_found');
    expect(codeOf(await patchBinding(world.deps, ann, { bindingId: binding.id, enabled: true }))).toBe('not_found');
  });

  test('are at most 50 per trader', async () => {
    const other = await addTrader(world, ann, { active: false });
    const promptId = await create();
    for (let index = 0; index < 50; index += 1) expect(codeOf(await bind(promptId, { traderId: other.id }))).toBeNull();
    expect(codeOf(await bind(promptId, { traderId: other.id }))).toBe('limit_invalid');
  });

  test('of others, and prompts of others, are refused exactly as missing ones', async () => {
    const promptId = await create();
    const { binding } = valueOf(await bind(promptId));
    const nowhere = asId<BindingId>(world.deps.ids.uuid());
    const calls = [
      (bindingId: BindingId) => patchBinding(world.deps, bob, { bindingId, enabled: false }),
      (bindingId: BindingId) => deleteBinding(world.deps, bob, { bindingId }),
      (bindingId: BindingId) => previewBinding(world.deps, bob, { bindingId }),
    ];
    for (const call of calls) {
      const foreign = await call(binding.id);
      expect(codeOf(foreign)).toBe('not_found');
      expect(foreign).toEqual(await call(nowhere));
    }
    const own = await addTrader(world, bob);
    const input = { traderId: own.id, promptId, symbols: [BTC], triggers: [], params: {}, enabled: true };
    expect(codeOf(await createBinding(world.deps, bob, input))).toBe('not_found');
    expect(codeOf(await listBindings(world.deps, bob, { traderId: trader.id }))).toBe('not_found');
  });
});
