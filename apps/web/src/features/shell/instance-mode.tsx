import type { TraderCard } from '@hyperoru/contracts';
import { useQuery } from '@tanstack/react-query';
import { EnvironmentBadge, type EnvironmentName } from '../../components/environment-badge.tsx';
import { traderListQuery } from '../traders/queries.ts';

/** The gravest mode that any trader is in: one on real money makes the whole page say so. */
export function gravestEnvironment(traders: readonly Pick<TraderCard, 'environment'>[]): EnvironmentName {
  if (traders.some((trader) => trader.environment === 'mainnet')) return 'mainnet';
  if (traders.some((trader) => trader.environment === 'testnet')) return 'testnet';
  return 'paper';
}

export function InstanceMode() {
  const { data } = useQuery(traderListQuery(false));
  if (data === undefined) return null;
  return <EnvironmentBadge environment={gravestEnvironment(data.items)} long />;
}
