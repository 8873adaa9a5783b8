import type { Prompt } from '@hyperoru/domain';
import type { ReadModel } from '@hyperoru/engine';
import { byCreation } from '../core/in-order.ts';
import { pageOf } from './paging.ts';
import type { Reader } from './reader.ts';

type Catalog = Pick<
  ReadModel,
  'listTraders' | 'findTrader' | 'findTraders' | 'listPrompts' | 'findPrompt' | 'listBindings' | 'findBinding' | 'listAlerts'
>;
const IDS_MAX = 200;

const createdKey = (row: { readonly createdAt: number; readonly id: string }) => ({ at: row.createdAt, id: row.id });

/** What a user owns and sets up. */
export const catalogReads = (reader: Reader): Catalog => ({ ...traderReads(reader), ...promptReads(reader), ...bindingReads(reader) });

function traderReads({
  tables: { traders, alerts },
  read,
}: Reader): Pick<Catalog, 'listTraders' | 'findTrader' | 'findTraders' | 'listAlerts'> {
  return {
    listTraders: (scope, { includeDeleted }, page) =>
      read('listTraders', () => {
        const mine = traders.all(null).filter((row) => row.ownerId === scope.userId && (includeDeleted || row.deletedAt === null));
        return pageOf(mine, page, createdKey);
      }),
    findTrader: (scope, id) =>
      read('findTrader', () => {
        const found = traders.get(null, id);
        return found?.ownerId === scope.userId ? found : null;
      }),
    findTraders: (scope, ids) =>
      read('findTraders', () => {
        if (ids.length > IDS_MAX) throw new RangeError(`Expected at most ${IDS_MAX} ids, were ${ids.length}.`);
        const found = [...new Set(ids)].map((id) => traders.get(null, id));
        return found.flatMap((row) => (row?.ownerId === scope.userId ? [row] : []));
      }),
    listAlerts: (scope, { traderId, open }, page) =>
      read('listAlerts', () => {
        const shown = alerts.all(null).filter((row) => {
          const isAsked = open === undefined || open === (row.acknowledgedAt === null);
          return row.ownerId === scope.userId && isAsked && (traderId === undefined || row.traderId === traderId);
        });
        return pageOf(shown, page, createdKey);
      }),
  };
}

function promptReads({ tables: { prompts, promptVersions }, read }: Reader): Pick<Catalog, 'listPrompts' | 'findPrompt'> {
  const shown = (prompt: Prompt) => {
    const version = promptVersions.get(null, prompt.currentVersionId);
    if (version === null) return [];
    return [{ ...prompt, content: version.content, version: version.number, contentHash: version.contentHash }];
  };
  return {
    listPrompts: (scope, page) =>
      read('listPrompts', () => {
        const mine = prompts.all(null).filter((row) => row.ownerId === scope.userId && row.deletedAt === null);
        return pageOf(mine.flatMap(shown), page, createdKey);
      }),
    findPrompt: (scope, id) =>
      read('findPrompt', () => {
        const found = prompts.get(null, id);
        return found === null || found.ownerId !== scope.userId || found.deletedAt !== null ? null : (shown(found)[0] ?? null);
      }),
  };
}

function bindingReads({ tables: { bindings, prompts, traders }, read }: Reader): Pick<Catalog, 'listBindings' | 'findBinding'> {
  return {
    listBindings: (scope, { traderId }) =>
      read('listBindings', () => {
        const mine = bindings.all(null).filter((row) => {
          const isOwn = traders.get(null, row.traderId)?.ownerId === scope.userId;
          return isOwn && row.deletedAt === null && (traderId === undefined || row.traderId === traderId);
        });
        return byCreation(mine).flatMap((row) => {
          const prompt = prompts.get(null, row.promptId);
          return prompt === null ? [] : [{ ...row, promptName: prompt.name }];
        });
      }),
    findBinding: (scope, id) =>
      read('findBinding', () => {
        const found = bindings.get(null, id);
        const isShown = found !== null && found.deletedAt === null && traders.get(null, found.traderId)?.ownerId === scope.userId;
        return isShown ? found : null;
      }),
  };
}
