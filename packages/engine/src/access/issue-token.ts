import { addMs, type Timestamp, type UserId } from '@hyperoru/domain';
import type { EngineDeps } from '../deps.ts';
import type { Session } from './user.ts';

/** Random bytes of a token: 256 bits, beyond guessing. */
const TOKEN_BYTES = 32;
const DAY_MS = 86_400_000;

const PREFIX = { session: 'hst_', api_token: 'hat_' } as const;

/** A fresh token with the row that stands for it; the token itself is shown once and stored nowhere. */
export interface IssuedToken {
  readonly token: string;
  readonly tokenHash: string;
  readonly session: Session;
}

/** `days` until it expires, null = never. Expiry is absolute: use does not extend it. */
export function issueToken(
  deps: Pick<EngineDeps, 'ids' | 'clock'>,
  input: { readonly userId: UserId; readonly kind: Session['kind']; readonly name: string; readonly days: number | null },
): IssuedToken {
  const now = deps.clock.now();
  const token = `${PREFIX[input.kind]}${deps.ids.token(TOKEN_BYTES)}`;
  return {
    token,
    tokenHash: deps.ids.hash(token),
    session: {
      id: deps.ids.uuid(),
      userId: input.userId,
      kind: input.kind,
      name: input.name,
      createdAt: now,
      expiresAt: input.days === null ? null : daysLater(now, input.days),
      lastUsedAt: null,
      steppedUpAt: null,
      revokedAt: null,
    },
  };
}

/** The moment `days` × 24 h after `at`. */
export const daysLater = (at: Timestamp, days: number): Timestamp => addMs(at, days * DAY_MS);

/** A fresh invitation token; as secret as a password until it is used. */
export function issueInvitation(deps: Pick<EngineDeps, 'ids'>): { readonly token: string; readonly tokenHash: string } {
  const token = `hin_${deps.ids.token(TOKEN_BYTES)}`;
  return { token, tokenHash: deps.ids.hash(token) };
}
