import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { readByAccount, readByOperation, readByStrategy, readBySymbol, readByTriggerType } from '../../api/analytics.ts';
import { type Filter, keys } from '../../api/keys.ts';
import { TextLink } from '../../components/link.tsx';
import { Loaded } from '../../components/panel.tsx';
import { Side } from '../../components/side.tsx';
import { Empty } from '../../components/states.tsx';
import { Tag } from '../../components/tag.tsx';
import { sentenceCase } from '../../format/words.ts';
import { type GroupRow, GroupTable } from './group-table.tsx';

const NOTHING = <Empty title="No closed position in this range.">Positions count at their close.</Empty>;

interface BreakdownProps<T> {
  readonly part: string;
  readonly title: string;
  readonly filter: Filter;
  readonly read: (filter: Filter) => Promise<{ readonly items: readonly T[] }>;
  readonly toRow: (item: T) => GroupRow;
}

function Breakdown<T>({ part, title, filter, read, toRow }: BreakdownProps<T>): ReactNode {
  const query = useQuery({
    queryKey: keys.analyticsPart(part, filter),
    queryFn: () => read(filter),
    placeholderData: (previous) => previous,
  });
  return (
    <Loaded query={query} isEmpty={(data) => data.items.length === 0} empty={NOTHING}>
      {(data) => <GroupTable title={title} rows={data.items.map(toRow)} />}
    </Loaded>
  );
}

interface PartProps {
  readonly filter: Filter;
}

export function ByStrategyPart({ filter }: PartProps) {
  return (
    <Breakdown
      part="strategy"
      title="Strategy"
      filter={filter}
      read={readByStrategy}
      toRow={(item) => ({ ...item, key: item.strategy_id ?? item.strategy, name: item.strategy_name, label: item.strategy_name })}
    />
  );
}

export function ByTraderPart({ filter }: PartProps) {
  return (
    <Breakdown
      part="account"
      title="Trader"
      filter={filter}
      read={readByAccount}
      toRow={(item) => ({
        ...item,
        key: item.account_id,
        name: item.account_name,
        label: (
          <>
            <TextLink to="/traders/$traderId" params={{ traderId: item.account_id }}>
              {item.account_name}
            </TextLink>{' '}
            {item.is_deleted && <Tag>Deleted</Tag>} {item.is_demo && <Tag>Demo</Tag>}
          </>
        ),
      })}
    />
  );
}

export function BySymbolPart({ filter }: PartProps) {
  return (
    <Breakdown
      part="symbol"
      title="Symbol"
      filter={filter}
      read={readBySymbol}
      toRow={(item) => ({ ...item, key: item.symbol, name: item.symbol, label: item.symbol })}
    />
  );
}

export function ByOperationPart({ filter }: PartProps) {
  return (
    <Breakdown
      part="operation"
      title="Operation"
      filter={filter}
      read={readByOperation}
      toRow={(item) => ({ ...item, key: item.operation, name: item.operation, label: <Side side={item.operation} /> })}
    />
  );
}

export function ByTriggerPart({ filter }: PartProps) {
  return (
    <Breakdown
      part="trigger"
      title="Trigger"
      filter={filter}
      read={readByTriggerType}
      toRow={(item) => ({ ...item, key: item.trigger_type, name: item.trigger_type, label: sentenceCase(item.trigger_type) })}
    />
  );
}
