import { asId, type Timestamp, type UserId } from '@hyperoru/domain';
import type { StoreTx } from '../ports/store.ts';
import type { User } from './user.ts';

/** Owner of demo traders until the first person is set up. The same on every instance. */
export const DEMO_OWNER_ID: UserId = asId<UserId>('00000000-0000-4000-8000-00000000d3e0');

/** Stored in place of a password hash: no password verifies against it. */
export const DEMO_OWNER_PASSWORD_HASH = '!';

/** The placeholder's row. Its name holds a space, which no person's name may, so it takes no name from anyone. */
export function demoOwner(createdAt: Timestamp): User {
  return { id: DEMO_OWNER_ID, username: 'demo owner', email: null, role: 'member', createdAt };
}

/** People of the instance; the placeholder owner of the demo is none. */
export async function listPeople(tx: StoreTx): Promise<readonly User[]> {
  const users = await tx.users.list();
  return users.filter((user) => user.id !== DEMO_OWNER_ID);
}
