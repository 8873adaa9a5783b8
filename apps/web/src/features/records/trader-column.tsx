import type { Column } from '../../components/data-table.tsx';
import { TextLink } from '../../components/link.tsx';

interface OfTrader {
  readonly trader_id: string;
  readonly trader_name: string;
}

/** Whose record it is, as a link; deleted traders keep their page. */
export function traderColumn<T extends OfTrader>(): Column<T> {
  return {
    key: 'trader',
    title: 'Trader',
    cell: (row) => (
      <TextLink to="/traders/$traderId" params={{ traderId: row.trader_id }}>
        {row.trader_name}
      </TextLink>
    ),
  };
}
