import type { UserId } from '@hyperoru/domain';
import type { Session, User } from '@hyperoru/engine';
import { index, text, uuid } from 'drizzle-orm/pg-core';
import { hyperoru, moment, words } from './columns.ts';

/** `*_key` columns hold the case-folded name: the folding of the database depends on its locale, ours does not. */
export const users = hyperoru.table('users', {
  id: uuid('id').$type<UserId>().primaryKey(),
  username: words('username').notNull(),
  usernameKey: words('username_key').notNull().unique('users_username_key'),
  email: words('email'),
  emailKey: words('email_key').unique('users_email_key'),
  role: text('role').$type<User['role']>().notNull(),
  passwordHash: text('password_hash').notNull(),
  createdAt: moment('created_at').notNull(),
});

export const sessions = hyperoru.table(
  'sessions',
  {
    id: text('id').primaryKey(),
    userId: uuid('user_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id),
    kind: text('kind').$type<Session['kind']>().notNull(),
    name: words('name').notNull(),
    tokenHash: text('token_hash').notNull().unique('sessions_token_hash'),
    createdAt: moment('created_at').notNull(),
    expiresAt: moment('expires_at'),
    lastUsedAt: moment('last_used_at'),
    steppedUpAt: moment('stepped_up_at'),
    revokedAt: moment('revoked_at'),
  },
  (table) => [index('sessions_user').on(table.userId)],
);

export const invitations = hyperoru.table('invitations', {
  tokenHash: text('token_hash').primaryKey(),
  createdBy: uuid('created_by')
    .$type<UserId>()
    .notNull()
    .references(() => users.id),
  expiresAt: moment('expires_at').notNull(),
  usedAt: moment('used_at'),
});
