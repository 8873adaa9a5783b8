import { useQueryClient } from '@tanstack/react-query';
import { keys } from '../../api/keys.ts';

/** Loads again what a use of the kill switch has changed. */
export function useRefresh(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    await Promise.all([keys.safety, keys.kills, keys.traders, keys.positions].map((queryKey) => client.invalidateQueries({ queryKey })));
  };
}
