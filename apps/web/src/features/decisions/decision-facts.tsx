import type { DecisionDetail } from '@hyperoru/contracts';
import { Fact, Facts } from '../../components/facts.tsx';
import { exact, money, share } from '../../format/amount.ts';
import { sentenceCase, spaced } from '../../format/words.ts';
import { Moment } from '../../time/time-text.tsx';
import classes from './decision-behind.module.css';

type Values = NonNullable<DecisionDetail['decision']>;
const VERDICTS = {
  approved: 'Approved by the risk gate.',
  denied: 'Denied by the risk gate.',
  held: 'Nothing to order.',
  invalid: 'Not a valid decision, therefore treated as hold.',
} as const;

/** What was decided, what the risk gate said, what was planned. */
export function DecisionFacts({ detail }: { readonly detail: DecisionDetail }) {
  const { verdict, plan, decision } = detail;
  return (
    <>
      <p className={classes.verdict}>
        <b>{VERDICTS[verdict.status]}</b> {verdict.message}
      </p>
      <Facts>
        {verdict.code !== null && <Fact name="Code">{verdict.code}</Fact>}
        {decision !== null && <DecisionValues values={decision} />}
        {plan !== null && <PlanValues plan={plan} />}
        <Fact name="Decided at">
          <Moment at={detail.created_at} />
        </Fact>
        <Fact name="Context hash">
          <code>{detail.context_hash.slice(0, 16)}…</code>
        </Fact>
      </Facts>
    </>
  );
}

function DecisionValues({ values }: { readonly values: Values }) {
  return (
    <>
      <Fact name="Operation">
        {sentenceCase(values.operation)} {values.symbol}
      </Fact>
      {values.target_portion_of_balance !== null && (
        <Fact name="Margin, share of available">{share(Number(values.target_portion_of_balance))}</Fact>
      )}
      {values.leverage !== null && <Fact name="Leverage">{values.leverage}×</Fact>}
      {values.confidence !== null && <Fact name="Confidence">{values.confidence}</Fact>}
      <Fact name="Time in force">{spaced(values.time_in_force).toUpperCase()}</Fact>
      <Fact name="Reason">{values.reason === '' ? 'None given' : values.reason}</Fact>
    </>
  );
}

function PlanValues({ plan }: { readonly plan: NonNullable<DecisionDetail['plan']> }) {
  return (
    <>
      <Fact name="Planned quantity">
        {sentenceCase(plan.side)} {exact(plan.quantity)} {plan.symbol}
      </Fact>
      <Fact name="Limit, reference price">
        {exact(plan.limit_price)}, {exact(plan.reference_price)}
      </Fact>
      {plan.notional !== null && <Fact name="Notional">{money(plan.notional)}</Fact>}
      {plan.margin !== null && <Fact name="Margin">{money(plan.margin)}</Fact>}
      {plan.stop_loss_price !== null && <Fact name="Stop-loss">{exact(plan.stop_loss_price)}</Fact>}
      {plan.take_profit_price !== null && <Fact name="Take-profit">{exact(plan.take_profit_price)}</Fact>}
    </>
  );
}
