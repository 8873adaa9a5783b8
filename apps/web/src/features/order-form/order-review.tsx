import type { TraderCard } from '@hyperoru/contracts';
import { Button, Group, Stack, Text } from '@mantine/core';
import { Fact, Facts } from '../../components/facts.tsx';
import { Amount } from '../../components/figure.tsx';
import { Notice } from '../../components/notice.tsx';
import { exact } from '../../format/amount.ts';
import { FormError } from '../session/form-error.tsx';
import type { OrderBody } from './order-fields.ts';
import classes from './order-form.module.css';
import type { OrderPreview } from './order-preview.ts';
import { PLACE_WORDS } from './order-words.ts';

interface OrderReviewProps {
  readonly trader: Pick<TraderCard, 'environment' | 'currency'>;
  readonly body: OrderBody;
  readonly preview: OrderPreview;
  readonly error: unknown;
  readonly isPending: boolean;
  readonly onPlace: () => void;
  readonly onBack: () => void;
}

/** What the order would move, before anything moves. */
export function OrderReview({ trader, body, preview, error, isPending, onPlace, onBack }: OrderReviewProps) {
  const isReal = trader.environment === 'mainnet';
  const { quantity, notional, margin, lossAtStop, warnings } = preview;
  return (
    <Stack gap="sm">
      <div className={classes.facts}>
        <Facts>
          <Fact name="Order">
            {PLACE_WORDS[body.operation]} {quantity !== null && `about ${exact(quantity)} `}
            {body.symbol}
          </Fact>
          <Fact name="Price">{body.limit_price === undefined ? 'At market' : `${exact(body.limit_price)} or better`}</Fact>
          {notional !== null && (
            <Fact name="Notional, at most">
              <Amount value={notional} unit={trader.currency} />
            </Fact>
          )}
          {margin !== null && (
            <Fact name="Margin and fee, at most">
              <Amount value={margin} unit={trader.currency} />
            </Fact>
          )}
          {body.operation !== 'close' && <Fact name="Stop-loss">{levelWords(body.stop_loss)}</Fact>}
          {lossAtStop !== null && (
            <Fact name="Loss at the stop, about">
              <Amount value={lossAtStop} unit={trader.currency} />
            </Fact>
          )}
          {body.take_profit !== undefined && <Fact name="Take-profit">{levelWords(body.take_profit)}</Fact>}
        </Facts>
      </div>
      {warnings.length > 0 && (
        <Notice tone="warn" title="The risk gate will refuse this order.">
          <ul className={classes.warnings}>
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Notice>
      )}
      <Text size="sm">
        {isReal ? 'This moves real money.' : 'This moves simulated money only.'} The risk gate judges the order at the moment it is placed.
      </Text>
      <FormError error={error} />
      <Group justify="flex-end">
        <Button variant="default" onClick={onBack}>
          Back
        </Button>
        <Button color={isReal ? 'danger' : 'accent'} loading={isPending} onClick={onPlace} data-autofocus>
          {PLACE_WORDS[body.operation]} {body.symbol}
          {isReal ? ' with real money' : ''}
        </Button>
      </Group>
    </Stack>
  );
}

function levelWords(level: OrderBody['stop_loss']): string {
  if (level === undefined) return 'None';
  return 'pct' in level ? `${exact(level.pct)} % from the price` : exact(level.price);
}
