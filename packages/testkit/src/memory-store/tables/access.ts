import type { Timestamp, UserId } from '@hyperoru/domain';
import type { Session, User } from '@hyperoru/engine';
import { withStorableText } from '../core/storable.ts';
import { Table } from '../core/table.ts';

export interface UserRow {
  readonly user: User;
  readonly passwordHash: string;
}
export interface SessionRow {
  readonly session: Session;
  readonly tokenHash: string;
}
export interface InvitationRow {
  readonly tokenHash: string;
  readonly createdBy: UserId;
  readonly expiresAt: Timestamp;
  readonly usedAt: Timestamp | null;
}

export const foldName = (name: string): string => name.normalize('NFKC').toLowerCase();

/** People, their sessions and invitations. */
export function accessTables() {
  const users = new Table<UserRow>({
    name: 'users',
    idOf: ({ user }) => user.id,
    unique: {
      users_username_key: ({ user }) => foldName(user.username),
      users_email_key: ({ user }) => (user.email === null ? null : foldName(user.email)),
    },
    stored: (row) => ({ ...row, user: withStorableText(row.user, ['username', 'email']) }),
  });
  const sessions = new Table<SessionRow>({
    name: 'sessions',
    idOf: ({ session }) => session.id,
    unique: { sessions_token_hash: (row) => row.tokenHash },
    references: [{ name: 'sessions_user_id_users_id_fk', to: users, idOf: ({ session }) => session.userId }],
    stored: (row) => ({ ...row, session: withStorableText(row.session, ['name']) }),
  });
  const invitations = new Table<InvitationRow>({
    name: 'invitations',
    idOf: (row) => row.tokenHash,
    references: [{ name: 'invitations_created_by_users_id_fk', to: users, idOf: (row) => row.createdBy }],
  });
  return { users, sessions, invitations };
}
