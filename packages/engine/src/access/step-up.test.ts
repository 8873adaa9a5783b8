import { addMs, asId, timestamp, type UserId } from '@hyperoru/domain';
import { describe, expect, test } from 'vitest';
import { ownerScope } from './owner-scope.ts';
import { requireStepUp, STEP_UP_MS } from './step-up.ts';

const provenAt = timestamp(1_000);
const scope = ownerScope(asId<UserId>('00000000-0000-4000-8000-000000000001'), provenAt);

describe('requireStepUp', () => {
  test('lets pass until the five minutes are over, and not a moment longer', () => {
    expect(requireStepUp(scope, provenAt, 'This')).toBeNull();
    expect(requireStepUp(scope, addMs(provenAt, STEP_UP_MS - 1), 'This')).toBeNull();
    expect(requireStepUp(scope, addMs(provenAt, STEP_UP_MS), 'This')?.error.code).toBe('step_up_required');
  });

  test('refuses who never proved the password again, and says how to', () => {
    const refused = requireStepUp(ownerScope(scope.userId), provenAt, 'Raising max_leverage');
    expect(refused?.error).toMatchObject({ code: 'step_up_required', message: expect.stringContaining('Raising max_leverage needs') });
    expect(refused?.error.message).toContain('POST /api/users/step-up');
  });
});
