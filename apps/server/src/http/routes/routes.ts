import { addAlertRoutes } from './alerts/routes.ts';
import { addAnalyticsRoutes } from './analytics/routes.ts';
import { addAuditRoutes } from './audit/routes.ts';
import { addBindingRoutes } from './bindings/routes.ts';
import { addDecisionRoutes } from './decisions/routes.ts';
import { addHealthRoutes } from './health/routes.ts';
import { addLimitRoutes } from './limits/routes.ts';
import { addMarketRoutes } from './market/routes.ts';
import { addOrderRoutes } from './orders/routes.ts';
import { addPositionRoutes } from './positions/routes.ts';
import { addPromptRoutes } from './prompts/routes.ts';
import type { AddRoutes } from './route.ts';
import { addRunRoutes } from './runs/routes.ts';
import { addSafetyRoutes } from './safety/routes.ts';
import { addSetupRoutes } from './setup/routes.ts';
import { addTokenRoutes } from './tokens/routes.ts';
import { addTraderRoutes } from './traders/routes.ts';
import { addUserRoutes } from './users/routes.ts';

/** Every resource of the API, in the order of the reference. */
export const ROUTES: readonly AddRoutes[] = [
  addHealthRoutes,
  addSetupRoutes,
  addUserRoutes,
  addTokenRoutes,
  addTraderRoutes,
  addLimitRoutes,
  addSafetyRoutes,
  addPromptRoutes,
  addBindingRoutes,
  addDecisionRoutes,
  addRunRoutes,
  addOrderRoutes,
  addPositionRoutes,
  addAlertRoutes,
  addAuditRoutes,
  addAnalyticsRoutes,
  addMarketRoutes,
];
