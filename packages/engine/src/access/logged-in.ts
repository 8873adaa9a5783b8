import type { Timestamp } from '@hyperoru/domain';
import type { IssuedToken } from './issue-token.ts';
import type { User } from './user.ts';

/** What a person gets who has proven who they are. `sessionToken` is shown only here. */
export interface LoggedIn {
  readonly user: User;
  readonly sessionToken: string;
  readonly expiresAt: Timestamp | null;
}

export const loggedIn = (user: User, issued: IssuedToken): LoggedIn => ({
  user,
  sessionToken: issued.token,
  expiresAt: issued.session.expiresAt,
});
