import { type Alert, type AlertId, ok } from '@hyperoru/domain';
import { notFound } from '../access/not-found.ts';
import type { OwnerScope } from '../access/owner-scope.ts';
import { auditUserAction } from '../audit/audit-user-action.ts';
import type { EngineDeps } from '../deps.ts';
import type { UseCaseResult } from '../refusal.ts';

/** Takes note of an alert; the same one may be raised again afterwards. Doing it twice changes nothing. */
export async function acknowledgeAlert(
  deps: EngineDeps,
  scope: OwnerScope,
  input: { readonly id: AlertId },
): Promise<UseCaseResult<Alert>> {
  return deps.store.transaction(async (tx): Promise<UseCaseResult<Alert>> => {
    const alert = await tx.journal.getAlert(input.id);
    if (alert === null || alert.ownerId !== scope.userId) return notFound('alert');
    if (alert.acknowledgedAt !== null) return ok(alert);
    const now = deps.clock.now();
    const next: Alert = { ...alert, acknowledgedAt: now };
    await tx.journal.updateAlert(next);
    const payload = { alert_id: alert.id, code: alert.code };
    await tx.journal.publish({ at: now, ownerId: scope.userId, traderId: alert.traderId, topic: 'alert.acknowledged', payload });
    await auditUserAction(tx, deps, scope, { action: 'alert.acknowledged', subject: `alert:${alert.id}`, detail: { code: alert.code } });
    return ok(next);
  });
}
