import {
  Adjustment,
  AdjustmentListQuery,
  Kill,
  KillBody,
  KillDisarmAnswer,
  KillDisarmBody,
  KillDrillBody,
  PageQuery,
  pageOf,
  SafetySummary,
} from '@hyperoru/contracts';
import { asId, type KillId, type Kill as KillRecord, type TraderId } from '@hyperoru/domain';
import {
  disarmKillSwitch,
  drillKillSwitch,
  listKills,
  type OwnerScope,
  safetySummary,
  useKillSwitch,
  withOwnReports,
} from '@hyperoru/engine';
import type { HttpContext } from '../../context.ts';
import { unwrap } from '../../errors.ts';
import { callerOf } from '../../plugins/authentication.ts';
import { type AddRoutes, FAILURES, listAnswer, pageRequest } from '../route.ts';
import { recordFilterOf } from '../time.ts';
import { namedListAnswer, tradersOf } from '../trader-names.ts';
import { presentAdjustment, presentKill, presentSummary } from './presenter.ts';

const TAGS = ['safety'];

/** The kill switch, and what watches over the order path. */
export const addSafetyRoutes: AddRoutes = (api, context) => {
  addKill(api, context);
  addKillEnds(api, context);
  addSummary(api, context);
  addAdjustments(api, context);
};

/** 202 while the venue has not been seen flat. */
async function answerKill(context: HttpContext, scope: OwnerScope, kill: KillRecord) {
  const [own = kill] = await withOwnReports(context.deps, scope, [kill]);
  return {
    code: kill.finishedAt === null ? (202 as const) : (200 as const),
    body: presentKill(own, await tradersOf(context, scope, reported([own]))),
  };
}

const addKill: AddRoutes = (api, context) => {
  api.post(
    '/api/kill',
    {
      config: { policy: 'user' },
      schema: {
        tags: TAGS,
        summary: 'Stop a trader, or with trader_id null the instance: nothing enters any more, everything is closed and verified',
        body: KillBody,
        response: { 200: Kill, 202: Kill.describe('Blocked, not verified flat yet; see GET /api/kill.'), ...FAILURES },
      },
    },
    async (request, reply) => {
      const { scope } = callerOf(request);
      const { trader_id: id, reason } = request.body;
      const input = { traderId: id === null ? null : asId<TraderId>(id), reason };
      const { code, body } = await answerKill(context, scope, unwrap(await useKillSwitch(context.deps, scope, input)));
      return reply.code(code).send(body);
    },
  );

  api.post(
    '/api/kill/drill',
    {
      config: { policy: 'user' },
      schema: {
        tags: TAGS,
        summary: 'The same in full on one paper trader; it disarms itself and reports times, the trader stays paused',
        body: KillDrillBody,
        response: { 200: Kill, 202: Kill, ...FAILURES },
      },
    },
    async (request, reply) => {
      const { scope } = callerOf(request);
      const input = { traderId: asId<TraderId>(request.body.trader_id) };
      const { code, body } = await answerKill(context, scope, unwrap(await drillKillSwitch(context.deps, scope, input)));
      return reply.code(code).send(body);
    },
  );
};

const addKillEnds: AddRoutes = (api, context) => {
  api.post(
    '/api/kill/disarm',
    {
      config: { policy: 'user' },
      schema: {
        tags: TAGS,
        summary: 'Let traders enter again; needs step-up and resumes nobody',
        body: KillDisarmBody,
        response: { 200: KillDisarmAnswer, ...FAILURES },
      },
    },
    async (request) => {
      const { scope } = callerOf(request);
      const { body } = request;
      const input =
        'kill_id' in body
          ? { killId: asId<KillId>(body.kill_id) }
          : { traderId: body.trader_id === null ? null : asId<TraderId>(body.trader_id) };
      const disarmed = await withOwnReports(context.deps, scope, unwrap(await disarmKillSwitch(context.deps, scope, input)));
      const traders = await tradersOf(context, scope, reported(disarmed));
      return { disarmed: disarmed.map((kill) => presentKill(kill, traders)) };
    },
  );

  api.get(
    '/api/kill',
    {
      config: { policy: 'user' },
      schema: {
        tags: TAGS,
        summary: 'Uses of the kill switch with their reports, drills too',
        querystring: PageQuery,
        response: { 200: pageOf(Kill), ...FAILURES },
      },
    },
    async (request) => {
      const { scope } = callerOf(request);
      const page = await listKills(context.deps, scope, pageRequest(request.query));
      const traders = await tradersOf(context, scope, reported(page.items));
      return listAnswer(page, (kill) => presentKill(kill, traders));
    },
  );
};

/** Names are looked up for this many traders of the reports; beyond it the id stands in. */
const NAMED_MAX = 200;
const reported = (kills: readonly KillRecord[]) => {
  const ids = [...new Set(kills.flatMap(({ traders }) => traders.map(({ traderId }) => traderId)))];
  return ids.slice(0, NAMED_MAX).map((traderId) => ({ traderId }));
};

const addSummary: AddRoutes = (api, context) => {
  api.get(
    '/api/safety',
    {
      config: { policy: 'user' },
      schema: {
        tags: TAGS,
        summary: 'Protection, unknown orders, comparison with the venue, breakers and kill switch of every trader',
        querystring: PageQuery,
        response: { 200: SafetySummary, ...FAILURES },
      },
    },
    async (request) => {
      const { scope } = callerOf(request);
      const summary = await safetySummary(context.deps, scope, pageRequest(request.query));
      return presentSummary(summary, await tradersOf(context, scope, reported(summary.armedKills)));
    },
  );
};

const addAdjustments: AddRoutes = (api, context) => {
  api.get(
    '/api/adjustments',
    {
      config: { policy: 'user' },
      schema: {
        tags: TAGS,
        summary: 'Differences between our records and a venue, settled in the venue’s favor',
        querystring: AdjustmentListQuery,
        response: { 200: pageOf(Adjustment), ...FAILURES },
      },
    },
    async (request) => {
      const { scope } = callerOf(request);
      const page = await context.deps.readModel.listAdjustments(scope, recordFilterOf(request.query), pageRequest(request.query));
      return namedListAnswer(context, scope, page, presentAdjustment);
    },
  );
};
