import { useQuery } from '@tanstack/react-query';
import { keys } from '../../api/keys.ts';
import { listPositions } from '../../api/records.ts';
import { Loaded } from '../../components/panel.tsx';
import { Empty } from '../../components/states.tsx';
import { PositionsTable } from './positions-table.tsx';

const OPEN_POSITIONS_MAX = 200;
/** Marks move between events; open positions are read again this often, ms. */
const POLL_MS = 5_000;

interface PositionListProps {
  readonly traderId: string | undefined;
  readonly kind: 'open' | 'closed';
  readonly showTrader?: boolean;
}

export function PositionList({ traderId, kind, showTrader = false }: PositionListProps) {
  const filter = { trader_id: traderId, status: kind, limit: OPEN_POSITIONS_MAX };
  const query = useQuery({
    queryKey: keys.positionList(filter),
    queryFn: () => listPositions(filter),
    refetchInterval: kind === 'open' ? POLL_MS : false,
  });
  const empty =
    kind === 'open' ? (
      <Empty title="No open position.">An approved buy or sell opens one, always with its stop.</Empty>
    ) : (
      <Empty title="No closed position yet." />
    );
  return (
    <Loaded query={query} rows={2} isEmpty={(data) => data.items.length === 0} empty={empty}>
      {(data) => <PositionsTable positions={data.items} kind={kind} showTrader={showTrader} />}
    </Loaded>
  );
}
