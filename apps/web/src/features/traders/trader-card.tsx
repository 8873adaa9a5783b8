import type { TraderCard as Card } from '@hyperoru/contracts';
import { Link } from '@tanstack/react-router';
import { EnvironmentBadge } from '../../components/environment-badge.tsx';
import { Amount, Change } from '../../components/figure.tsx';
import { TextLink } from '../../components/link.tsx';
import { Sparkline } from '../../components/sparkline.tsx';
import { ScriptedTag, Tag } from '../../components/tag.tsx';
import { count, shorten } from '../../format/words.ts';
import { Ago, Countdown } from '../../time/time-text.tsx';
import { tellSummary } from '../decisions/decision-words.ts';
import { missingText } from './setup-steps.ts';
import { StatusBadge } from './status-badge.tsx';
import classes from './trader-card.module.css';

const REASON_LENGTH_MAX = 150;

/** One trader at a glance; the whole card leads to its page. */
export function TraderCard({ trader }: { readonly trader: Card }) {
  return (
    <article className={classes.card} data-status={trader.status} aria-label={trader.name}>
      <header className={classes.head}>
        <h2 className={classes.name}>
          <Link to="/traders/$traderId" params={{ traderId: trader.id }} className={classes.link}>
            {trader.name}
          </Link>
        </h2>
        <StatusBadge status={trader.status} />
      </header>
      <div className={classes.tags}>
        {trader.environment !== null && <EnvironmentBadge environment={trader.environment} />}
        {trader.llm?.is_scripted === true && <ScriptedTag />}
        {trader.is_demo && <Tag>Demo</Tag>}
        {trader.llm !== null && !trader.llm.is_scripted && <Tag>{shorten(trader.llm.model, 28)}</Tag>}
      </div>
      <div className={classes.figures}>
        <div className={classes.equity}>
          <span className={classes.label}>Equity</span>
          <Amount value={trader.equity} unit={trader.currency} />
        </div>
        <div className={classes.pnl}>
          <span className={classes.label}>PnL since start</span>
          <span>
            <Amount value={trader.pnl} signed /> <small>{trader.pnl_pct !== null && <Change value={trader.pnl_pct} />}</small>
          </span>
        </div>
      </div>
      <Sparkline values={trader.sparkline} />
      <LastWord trader={trader} />
      <Foot trader={trader} />
    </article>
  );
}

function LastWord({ trader }: { readonly trader: Card }) {
  if (trader.status === 'error' && trader.status_reason !== null) {
    return (
      <p className={classes.problem}>
        {shorten(trader.status_reason, REASON_LENGTH_MAX)}{' '}
        {trader.status_run_id !== null && (
          <TextLink to="/runs/$runId" params={{ runId: trader.status_run_id }} className={classes.above}>
            See the run
          </TextLink>
        )}
      </p>
    );
  }
  if (trader.status !== 'deleted' && trader.setup_missing.length > 0)
    return <p className={classes.word}>{missingText(trader.setup_missing)}</p>;
  const last = trader.last_decision;
  if (last === null) return <p className={classes.word}>No decision yet.</p>;
  return (
    <p className={classes.word}>
      <b>{tellSummary(last)}</b> <Ago at={last.created_at} /> – {last.reason === '' ? 'no reason given' : last.reason}
    </p>
  );
}

function Foot({ trader }: { readonly trader: Card }) {
  return (
    <footer className={classes.foot}>
      <span>{count(trader.open_positions, 'open position')}</span>
      <span>
        {trader.status === 'deleted' && trader.deleted_at !== null && (
          <>
            Deleted <Ago at={trader.deleted_at} />
          </>
        )}
        {trader.status === 'paused' && 'Paused, no next run'}
        {(trader.status === 'active' || trader.status === 'reduce_only' || trader.status === 'error') &&
          (trader.next_run_at === null ? (
            'No schedule'
          ) : (
            <>
              Next run <Countdown to={trader.next_run_at} />
            </>
          ))}
      </span>
    </footer>
  );
}
