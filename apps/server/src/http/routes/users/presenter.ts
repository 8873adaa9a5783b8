import type { ApiToken as ApiTokenAnswer, LoginAnswer, User as UserAnswer } from '@hyperoru/contracts';
import { toIso } from '@hyperoru/domain';
import type { LoggedIn, Session, User } from '@hyperoru/engine';
import type { z } from 'zod';
import { isoOrNull } from '../time.ts';

export const presentUser = (user: User): UserAnswer => ({
  id: user.id,
  username: user.username,
  email: user.email,
  role: user.role,
  is_active: true,
  created_at: toIso(user.createdAt),
});

export function presentLogin(login: LoggedIn): LoginAnswer {
  if (login.expiresAt === null) throw new Error('Expected a login that expires, was one without end.');
  return { session_token: login.sessionToken, expires_at: toIso(login.expiresAt), user: presentUser(login.user) };
}

export const presentApiToken = (session: Session): z.infer<typeof ApiTokenAnswer> => ({
  id: session.id,
  name: session.name,
  created_at: toIso(session.createdAt),
  expires_at: isoOrNull(session.expiresAt),
  last_used_at: isoOrNull(session.lastUsedAt),
});
