import type { MarketPrices, Position, TraderOverview } from '@hyperoru/contracts';
import { Button, Group, Modal, Stack } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { ApiError } from '../../api/api-error.ts';
import { keys } from '../../api/keys.ts';
import { listPositions, placeOrder, readPrices } from '../../api/records.ts';
import { Notice } from '../../components/notice.tsx';
import { Loaded } from '../../components/panel.tsx';
import { Empty } from '../../components/states.tsx';
import { showSuccess } from '../shell/show-failure.ts';
import { EMPTY_ORDER, type OrderBody, type OrderFields, toOrderBody } from './order-fields.ts';
import classes from './order-form.module.css';
import { OrderInputs } from './order-inputs.tsx';
import { OrderKey } from './order-key.ts';
import { previewOrder } from './order-preview.ts';
import { OrderReview } from './order-review.tsx';
import { tellPlaced } from './order-words.ts';

/** Prices in the form are never older than this, ms. */
const PRICES_POLL_MS = 5_000;
const POSITIONS_MAX = 200;

/** The button that opens the form, and the form. */
export function PlaceOrder({ overview }: { readonly overview: TraderOverview }) {
  const [isOpen, setOpen] = useState(false);
  const { trader } = overview;
  if (trader.exchange === null) return null;
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        Place an order
      </Button>
      <Modal.Root opened={isOpen} onClose={() => setOpen(false)} size="lg" centered>
        <Modal.Overlay />
        <Modal.Content aria-label={`Place an order for ${trader.name}`}>
          <Modal.Body pt="md">
            <h2 className={classes.title}>Place an order for {trader.name}</h2>
            <OrderMarket overview={overview} onDone={() => setOpen(false)} />
          </Modal.Body>
        </Modal.Content>
      </Modal.Root>
    </>
  );
}

interface OrderFormProps {
  readonly overview: TraderOverview;
  readonly onDone: () => void;
}

/** What the form needs to know first: prices and what is open. */
function OrderMarket(props: OrderFormProps) {
  const filter = { trader_id: props.overview.trader.id, status: 'open', limit: POSITIONS_MAX };
  const positions = useQuery({ queryKey: keys.positionList(filter), queryFn: () => listPositions(filter) });
  const prices = useQuery({ queryKey: keys.prices, queryFn: readPrices, refetchInterval: PRICES_POLL_MS });
  const empty = <Empty title="There are no prices yet.">Nothing can be sized before the exchange tells them.</Empty>;
  return (
    <Loaded query={prices} rows={6} isEmpty={(data) => data.items.length === 0} empty={empty}>
      {({ items }) => (
        <Loaded query={positions} rows={6}>
          {(open) => <OrderForm {...props} prices={items} positions={open.items} />}
        </Loaded>
      )}
    </Loaded>
  );
}

function OrderForm({
  overview,
  prices,
  positions,
  onDone,
}: OrderFormProps & { readonly prices: MarketPrices['items']; readonly positions: readonly Position[] }) {
  const { trader } = overview;
  const [body, setBody] = useState<OrderBody | null>(null);
  const form = useForm<OrderFields>({ defaultValues: EMPTY_ORDER });
  const mutation = usePlacing(onDone);
  const onSubmit = (fields: OrderFields): void => {
    const checked = toOrderBody(fields, { traderId: trader.id, isStopRequired: trader.risk.require_stop_loss });
    if ('body' in checked) setBody(checked.body);
    else for (const [name, message] of checked.problems) if (isFieldName(name)) form.setError(name, { message });
  };
  if (body !== null) {
    const inputs = {
      available: overview.available,
      price: prices.find(({ symbol }) => symbol === body.symbol),
      position: positions.find(({ symbol }) => symbol === body.symbol),
      risk: trader.risk,
    };
    const onBack = (): void => {
      mutation.reset();
      setBody(null);
    };
    return (
      <OrderReview
        trader={trader}
        body={body}
        preview={previewOrder(body, inputs)}
        error={mutation.error}
        isPending={mutation.isPending}
        onPlace={() => mutation.mutate(body)}
        onBack={onBack}
      />
    );
  }
  return (
    <form onSubmit={form.handleSubmit(onSubmit)} noValidate>
      <Stack gap="sm">
        {trader.reduce_only && (
          <Notice tone="warn" title="This trader only reduces.">
            The risk gate refuses every order that enters.
          </Notice>
        )}
        <OrderInputs form={form} trader={trader} prices={prices} positions={positions} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit">Review</Button>
        </Group>
      </Stack>
    </form>
  );
}

const isFieldName = (name: string): name is keyof OrderFields => Object.hasOwn(EMPTY_ORDER, name);

/** Places an order under one key for as long as its fate is open. */
function usePlacing(onDone: () => void) {
  const client = useQueryClient();
  const [key] = useState(() => new OrderKey());
  return useMutation({
    mutationFn: (body: OrderBody) => placeOrder(body, key.for(body)),
    onSuccess: async (answer) => {
      key.answered();
      onDone();
      showSuccess(tellPlaced(answer));
      await Promise.all(
        [keys.positions, keys.orders, keys.decisions, keys.traders].map((queryKey) => client.invalidateQueries({ queryKey })),
      );
    },
    onError: (error) => {
      if (error instanceof ApiError && error.status >= 400 && error.status < 500) key.answered();
    },
  });
}
