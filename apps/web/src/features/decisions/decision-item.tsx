import type { Decision, Order } from '@hyperoru/contracts';
import { Collapse, UnstyledButton } from '@mantine/core';
import { useId, useState } from 'react';
import { Icon } from '../../components/icon.tsx';
import { TextLink } from '../../components/link.tsx';
import { ScriptedTag } from '../../components/tag.tsx';
import { Ago } from '../../time/time-text.tsx';
import { DecisionBehind } from './decision-behind.tsx';
import classes from './decision-item.module.css';
import { DecisionSign } from './decision-sign.tsx';
import { tellDecision } from './decision-words.ts';

interface DecisionItemProps {
  readonly decision: Decision;
  /** Orders that tell what became of it. */
  readonly orders: readonly Order[];
  readonly isScripted: boolean;
  readonly showTrader?: boolean;
}

/** One decision in plain words; everything behind it unfolds on demand. */
export function DecisionItem({ decision, orders, isScripted, showTrader = false }: DecisionItemProps) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const words = tellDecision(decision, orders);
  return (
    <li className={classes.item}>
      <DecisionSign tone={words.tone} />
      <div className={classes.body}>
        <p className={classes.sentence}>
          <b>{words.headline}</b>
          {words.detail !== '' && <> — {words.detail}</>} — <span className={classes.because}>because {words.because}</span>
        </p>
        <div className={classes.meta}>
          <Ago at={decision.created_at} />
          {showTrader && (
            <TextLink to="/traders/$traderId" params={{ traderId: decision.trader_id }}>
              {decision.trader_name}
            </TextLink>
          )}
          {isScripted && <ScriptedTag />}
          <UnstyledButton className={classes.more} aria-expanded={isOpen} aria-controls={id} onClick={() => setOpen(!isOpen)}>
            <span className={classes.chevron} data-open={isOpen}>
              <Icon name="chevron" size={13} />
            </span>
            Prompt, answer, verdict, orders
          </UnstyledButton>
        </div>
        <Collapse expanded={isOpen} id={id} keepMounted={false}>
          <DecisionBehind decisionId={decision.id} />
        </Collapse>
      </div>
    </li>
  );
}
