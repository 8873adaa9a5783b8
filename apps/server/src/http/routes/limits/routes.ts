import { InstanceLimits, InstanceLimitsBody } from '@hyperoru/contracts';
import { decimal, type InstanceLimits as Limits } from '@hyperoru/domain';
import { getInstanceLimits, setInstanceLimits } from '@hyperoru/engine';
import { unwrap } from '../../errors.ts';
import { callerOf } from '../../plugins/authentication.ts';
import { mapGiven, orNone } from '../given.ts';
import { type AddRoutes, FAILURES } from '../route.ts';

const TAGS = ['safety'];

/** Caps over all traders of the instance. */
export const addLimitRoutes: AddRoutes = (api, context) => {
  api.get(
    '/api/safety/limits',
    {
      config: { policy: 'user' },
      schema: { tags: TAGS, summary: 'What all traders together may do', response: { 200: InstanceLimits, ...FAILURES } },
    },
    async () => presentLimits(unwrap(await getInstanceLimits(context.deps))),
  );

  api.put(
    '/api/safety/limits',
    {
      config: { policy: 'owner' },
      schema: {
        tags: TAGS,
        summary: 'Change the limits of the instance; those left out stay, raising one needs step-up',
        body: InstanceLimitsBody,
        response: { 200: InstanceLimits, ...FAILURES },
      },
    },
    async (request) => {
      const { body } = request;
      const change = {
        maxTotalNotional: mapGiven(body.max_total_notional, orNone(decimal)),
        maxLeverage: body.max_leverage,
        maxDailyLoss: mapGiven(body.max_daily_loss, orNone(decimal)),
        maxOrdersPerMinute: body.max_orders_per_minute,
      };
      return presentLimits(unwrap(await setInstanceLimits(context.deps, callerOf(request).scope, change)));
    },
  );
};

const presentLimits = (limits: Limits): InstanceLimits => ({
  max_total_notional: limits.maxTotalNotional,
  max_leverage: limits.maxLeverage,
  max_daily_loss: limits.maxDailyLoss,
  max_orders_per_minute: limits.maxOrdersPerMinute,
});
