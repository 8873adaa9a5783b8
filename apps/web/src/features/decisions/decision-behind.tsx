import type { DecisionDetail } from '@hyperoru/contracts';
import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { keys } from '../../api/keys.ts';
import { readDecision } from '../../api/records.ts';
import { TextLink } from '../../components/link.tsx';
import { Loaded } from '../../components/panel.tsx';
import { Empty } from '../../components/states.tsx';
import { OrdersTable } from '../records/orders-table.tsx';
import classes from './decision-behind.module.css';
import { DecisionFacts } from './decision-facts.tsx';
import { ModelCalls } from './model-calls.tsx';

/** Everything behind one decision: verdict, what the model was asked and answered, the orders. */
export function DecisionBehind({ decisionId }: { readonly decisionId: string }) {
  const query = useQuery({ queryKey: keys.decision(decisionId), queryFn: () => readDecision(decisionId) });
  return (
    <div className={classes.behind}>
      <Loaded query={query} rows={3}>
        {(detail) => <Behind detail={detail} />}
      </Loaded>
    </div>
  );
}

function Behind({ detail }: { readonly detail: DecisionDetail }) {
  return (
    <Tabs defaultValue="verdict" variant="default" keepMounted={false}>
      <Tabs.List aria-label="Behind the decision">
        <Tabs.Tab value="verdict">Verdict</Tabs.Tab>
        <Tabs.Tab value="prompt">Prompt</Tabs.Tab>
        <Tabs.Tab value="answer">Answer</Tabs.Tab>
        <Tabs.Tab value="orders">Orders ({detail.orders.length})</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="verdict">
        <DecisionFacts detail={detail} />
      </Tabs.Panel>
      <Tabs.Panel value="prompt">
        <ModelCalls calls={detail.model_calls} show="prompt" />
      </Tabs.Panel>
      <Tabs.Panel value="answer">
        <ModelCalls calls={detail.model_calls} show="answer" />
      </Tabs.Panel>
      <Tabs.Panel value="orders">
        {detail.orders.length === 0 ? <Empty title="This decision led to no order." /> : <OrdersTable orders={detail.orders} />}
      </Tabs.Panel>
      <p className={classes.foot}>
        <TextLink to="/runs/$runId" params={{ runId: detail.run_id }}>
          The run it came from
        </TextLink>
      </p>
    </Tabs>
  );
}
