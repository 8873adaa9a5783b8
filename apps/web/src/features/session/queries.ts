import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { keys } from '../../api/keys.ts';
import { logout, readProfile, readSetupState } from '../../api/users.ts';

export const profileQuery = queryOptions({ queryKey: keys.profile, queryFn: readProfile, staleTime: Number.POSITIVE_INFINITY });
export const setupQuery = queryOptions({ queryKey: keys.setup, queryFn: readSetupState, staleTime: 0 });

/** Enters the dashboard after a login: nothing of an earlier session may be shown. */
export function useEnter(): (back: string) => Promise<void> {
  const client = useQueryClient();
  const router = useRouter();
  return async (back) => {
    client.clear();
    await router.invalidate();
    router.history.push(back);
  };
}

/** Ends the session here and at the server. */
export function useLogout(): () => Promise<void> {
  const client = useQueryClient();
  const router = useRouter();
  return async () => {
    await logout();
    await router.navigate({ to: '/login' });
    client.clear();
  };
}
