import {
  DEFAULT_INSTANCE_LIMITS,
  type Decimal,
  INSTANCE_LIMITS_SETTING,
  type InstanceLimits,
  ok,
  raisedInstanceLimits,
  readInstanceLimits,
  type Timestamp,
} from '@hyperoru/domain';
import type { OwnerScope } from '../access/owner-scope.ts';
import { requireStepUp } from '../access/step-up.ts';
import { auditUserAction } from '../audit/audit-user-action.ts';
import type { EngineDeps } from '../deps.ts';
import type { StoreTx } from '../ports/store.ts';
import { refuse, type UseCaseResult } from '../refusal.ts';
import { fieldsAsJson, snakeCase } from '../traders/risk-names.ts';

/** Written before sums over all traders are read: entries of different traders that are judged at once wait for each other here. */
const GATE_LOCK = 'safety.instance_gate';

export interface InstanceLimitsChange {
  readonly maxTotalNotional?: Decimal | null | undefined;
  readonly maxLeverage?: number | null | undefined;
  readonly maxDailyLoss?: Decimal | null | undefined;
  readonly maxOrdersPerMinute?: number | undefined;
}

/** The limits of the instance inside a transaction; null when what is stored cannot be read, which permits nothing. */
export async function instanceLimits(tx: StoreTx): Promise<InstanceLimits | null> {
  return readInstanceLimits(await tx.journal.getSetting(INSTANCE_LIMITS_SETTING));
}

/** Until the end of the transaction no other one of this kind reads the sums of the instance. */
export async function lockInstanceGate(tx: StoreTx, now: Timestamp): Promise<void> {
  await tx.journal.putSetting(GATE_LOCK, now);
}

/** What all traders together may do; every user may know it. Refuses `limit_invalid` when what is stored cannot be read. */
export async function getInstanceLimits(deps: EngineDeps): Promise<UseCaseResult<InstanceLimits>> {
  const limits = await deps.store.transaction(instanceLimits);
  return limits === null
    ? refuse('limit_invalid', 'The stored limits of the instance cannot be read, so nothing is entered. Store them again with PUT.')
    : ok(limits);
}

/**
 * Changes the limits that are given, the others stay; owners only (`forbidden`). Lowering is free, whatever allows more than
 * before needs step-up (`step_up_required`).
 */
export async function setInstanceLimits(
  deps: EngineDeps,
  scope: OwnerScope,
  change: InstanceLimitsChange,
): Promise<UseCaseResult<InstanceLimits>> {
  return deps.store.transaction(async (tx): Promise<UseCaseResult<InstanceLimits>> => {
    const now = deps.clock.now();
    await lockInstanceGate(tx, now);
    const user = await tx.users.get(scope.userId);
    if (user?.role !== 'owner') return refuse('forbidden', 'Only an owner of this instance may change its limits. Ask one of them.');
    const before = await instanceLimits(tx);
    const after = merge(before ?? DEFAULT_INSTANCE_LIMITS, change);
    // What could not be read permitted nothing, so whatever takes its place is a raise.
    const raised = before === null ? Object.keys(after) : raisedInstanceLimits(before, after);
    const refused = raised.length === 0 ? null : requireStepUp(scope, now, `Raising ${raised.map(snakeCase).join(', ')}`);
    if (refused !== null) return refused;
    await tx.journal.putSetting(INSTANCE_LIMITS_SETTING, { ...after });
    const detail = { before: before === null ? null : fieldsAsJson(before), after: fieldsAsJson(after) };
    await auditUserAction(tx, deps, scope, { action: 'instance.limits_set', subject: 'instance:limits', detail });
    return ok(after);
  });
}

function merge(before: InstanceLimits, change: InstanceLimitsChange): InstanceLimits {
  return {
    maxTotalNotional: change.maxTotalNotional === undefined ? before.maxTotalNotional : change.maxTotalNotional,
    maxLeverage: change.maxLeverage === undefined ? before.maxLeverage : change.maxLeverage,
    maxDailyLoss: change.maxDailyLoss === undefined ? before.maxDailyLoss : change.maxDailyLoss,
    maxOrdersPerMinute: change.maxOrdersPerMinute ?? before.maxOrdersPerMinute,
  };
}
