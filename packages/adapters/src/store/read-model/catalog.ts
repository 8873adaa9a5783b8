import type { ReadModel } from '@hyperoru/engine';
import { and, asc, eq, inArray, isNotNull, isNull } from 'drizzle-orm';
import type { Db } from '../database.ts';
import { alerts } from '../schema/journal.ts';
import { bindings, prompts, promptVersions, traders } from '../schema/traders.ts';
import { keyset, pageOf } from './paging.ts';

type Catalog = Pick<
  ReadModel,
  'listTraders' | 'findTrader' | 'findTraders' | 'listPrompts' | 'findPrompt' | 'listBindings' | 'findBinding' | 'listAlerts'
>;
/** As many as a page has records. */
const IDS_MAX = 200;

const PROMPT = {
  id: prompts.id,
  ownerId: prompts.ownerId,
  name: prompts.name,
  currentVersionId: prompts.currentVersionId,
  createdAt: prompts.createdAt,
  updatedAt: prompts.updatedAt,
  deletedAt: prompts.deletedAt,
  content: promptVersions.content,
  version: promptVersions.number,
  contentHash: promptVersions.contentHash,
};

const createdKey = (row: { createdAt: (typeof traders.$inferSelect)['createdAt']; id: string }) => ({ at: row.createdAt, id: row.id });

/** What a user owns and sets up. Deleted prompts and bindings are left out; a deleted trader is found when asked for. */
export const catalogReads = (db: Db): Catalog => ({ ...traderReads(db), ...promptReads(db), ...bindingReads(db), ...alertReads(db) });

function traderReads(db: Db): Pick<Catalog, 'listTraders' | 'findTrader' | 'findTraders'> {
  return {
    listTraders: async (scope, filter, page) => {
      const { where, orderBy, limit } = keyset(traders.createdAt, traders.id, page);
      const shown = and(eq(traders.ownerId, scope.userId), filter.includeDeleted ? undefined : isNull(traders.deletedAt), where);
      return pageOf(
        await db
          .select()
          .from(traders)
          .where(shown)
          .orderBy(...orderBy)
          .limit(limit),
        page,
        (row) => row,
        createdKey,
      );
    },
    findTrader: async (scope, id) =>
      (
        await db
          .select()
          .from(traders)
          .where(and(eq(traders.id, id), eq(traders.ownerId, scope.userId)))
      )[0] ?? null,
    findTraders: async (scope, ids) => {
      if (ids.length > IDS_MAX) throw new RangeError(`Expected at most ${IDS_MAX} ids, were ${ids.length}.`);
      if (ids.length === 0) return [];
      return db
        .select()
        .from(traders)
        .where(and(inArray(traders.id, [...ids]), eq(traders.ownerId, scope.userId)));
    },
  };
}

function promptReads(db: Db): Pick<Catalog, 'listPrompts' | 'findPrompt'> {
  const promptRows = () => db.select(PROMPT).from(prompts).innerJoin(promptVersions, eq(promptVersions.id, prompts.currentVersionId));
  return {
    listPrompts: async (scope, page) => {
      const { where, orderBy, limit } = keyset(prompts.createdAt, prompts.id, page);
      const shown = and(eq(prompts.ownerId, scope.userId), isNull(prompts.deletedAt), where);
      return pageOf(
        await promptRows()
          .where(shown)
          .orderBy(...orderBy)
          .limit(limit),
        page,
        (row) => row,
        createdKey,
      );
    },
    findPrompt: async (scope, id) =>
      (await promptRows().where(and(eq(prompts.id, id), eq(prompts.ownerId, scope.userId), isNull(prompts.deletedAt))))[0] ?? null,
  };
}

function bindingReads(db: Db): Pick<Catalog, 'listBindings' | 'findBinding'> {
  return {
    listBindings: async (scope, filter) => {
      const mine = and(
        eq(traders.ownerId, scope.userId),
        isNull(bindings.deletedAt),
        filter.traderId === undefined ? undefined : eq(bindings.traderId, filter.traderId),
      );
      const found = await db
        .select({ binding: bindings, promptName: prompts.name })
        .from(bindings)
        .innerJoin(traders, eq(traders.id, bindings.traderId))
        .innerJoin(prompts, eq(prompts.id, bindings.promptId))
        .where(mine)
        .orderBy(asc(bindings.createdAt), asc(bindings.id));
      return found.map(({ binding, promptName }) => ({ ...binding, promptName }));
    },
    findBinding: async (scope, id) => {
      const mine = and(eq(bindings.id, id), eq(traders.ownerId, scope.userId), isNull(bindings.deletedAt));
      const found = await db.select({ binding: bindings }).from(bindings).innerJoin(traders, eq(traders.id, bindings.traderId)).where(mine);
      return found[0]?.binding ?? null;
    },
  };
}

function alertReads(db: Db): Pick<Catalog, 'listAlerts'> {
  return {
    listAlerts: async (scope, filter, page) => {
      const { where, orderBy, limit } = keyset(alerts.createdAt, alerts.id, page);
      const state = filter.open === undefined ? undefined : filter.open ? isNull(alerts.acknowledgedAt) : isNotNull(alerts.acknowledgedAt);
      const shown = and(
        eq(alerts.ownerId, scope.userId),
        filter.traderId === undefined ? undefined : eq(alerts.traderId, filter.traderId),
        state,
        where,
      );
      return pageOf(
        await db
          .select()
          .from(alerts)
          .where(shown)
          .orderBy(...orderBy)
          .limit(limit),
        page,
        (row) => row,
        createdKey,
      );
    },
  };
}
