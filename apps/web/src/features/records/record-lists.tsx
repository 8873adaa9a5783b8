import { useQuery } from '@tanstack/react-query';
import { type Filter, keys } from '../../api/keys.ts';
import { listAlerts, listDecisions, listFills, listOrders, listRuns } from '../../api/records.ts';
import { Empty } from '../../components/states.tsx';
import classes from '../decisions/decision-item.module.css';
import { DecisionItem } from '../decisions/decision-item.tsx';
import { traderListQuery } from '../traders/queries.ts';
import { AlertsTable } from './alerts-table.tsx';
import { FillsTable } from './fills-table.tsx';
import { OrdersTable } from './orders-table.tsx';
import pageClasses from './pages.module.css';
import { Pages } from './pages.tsx';
import { RunsTable } from './runs-table.tsx';
import { usePages } from './use-pages.ts';

interface ListProps {
  readonly filter: Filter;
  readonly showTrader?: boolean;
}
/** Newest orders that are joined to the decisions shown. */
const ORDERS_JOINED_MAX = 200;

/** Decisions in plain words, with what became of each. */
export function DecisionList({ filter, showTrader = false }: ListProps) {
  const query = usePages(keys.decisionList(filter), listDecisions, filter);
  const orderFilter = { trader_id: filter['trader_id'], limit: ORDERS_JOINED_MAX };
  const orders = useQuery({ queryKey: keys.orderList(orderFilter), queryFn: () => listOrders(orderFilter) });
  const traders = useQuery(traderListQuery(true));
  const scripted = new Set(traders.data?.items.filter((trader) => trader.llm?.is_scripted === true).map((trader) => trader.id));
  return (
    <Pages
      query={query}
      empty={<Empty title="No decision yet.">The first one appears here as soon as a run has been through the model.</Empty>}
    >
      {(decisions) => (
        <ol className={classes.list}>
          {decisions.map((decision) => (
            <DecisionItem
              key={decision.id}
              decision={decision}
              orders={orders.data?.items ?? []}
              isScripted={scripted.has(decision.trader_id)}
              showTrader={showTrader}
            />
          ))}
        </ol>
      )}
    </Pages>
  );
}

export function RunList({ filter, showTrader = false }: ListProps) {
  const query = usePages(keys.runList(filter), listRuns, filter);
  return (
    <Pages query={query} empty={<Empty title="No run here.">Every trigger leaves one, with its outcome and the reason for it.</Empty>}>
      {(runs) => <RunsTable runs={runs} showTrader={showTrader} />}
    </Pages>
  );
}

export function OrderList({ filter, showTrader = false }: ListProps) {
  const query = usePages(keys.orderList(filter), listOrders, filter);
  return (
    <Pages query={query} empty={<Empty title="No order here.">An approved decision places one, together with its stop.</Empty>}>
      {(orders) => <OrdersTable orders={orders} showTrader={showTrader} />}
    </Pages>
  );
}

export function FillList({ filter, showTrader = false }: ListProps) {
  const query = usePages(keys.fillList(filter), listFills, filter);
  return (
    <Pages query={query} empty={<Empty title="No fill here.">A fill is one execution with its price and fee.</Empty>}>
      {(fills) => <FillsTable fills={fills} showTrader={showTrader} />}
    </Pages>
  );
}

export function AlertList({ filter }: ListProps) {
  const query = usePages(keys.alertList(filter), listAlerts, filter);
  return (
    <Pages query={query} empty={<Empty title="No alert.">What needs your eyes appears here.</Empty>}>
      {(alerts) => (
        <>
          <p className={pageClasses.note}>
            Marking an alert as seen changes nothing else: a bare position, for one, goes on being protected or closed.
          </p>
          <AlertsTable alerts={alerts} />
        </>
      )}
    </Pages>
  );
}
