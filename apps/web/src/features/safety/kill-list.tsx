import type { Kill } from '@hyperoru/contracts';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Loaded } from '../../components/panel.tsx';
import { Empty } from '../../components/states.tsx';
import { Tag } from '../../components/tag.tsx';
import { Ago } from '../../time/time-text.tsx';
import { DisarmButton } from './disarm-button.tsx';
import classes from './kill-list.module.css';
import { KillReport } from './kill-report.tsx';
import { killsQuery } from './queries.ts';
import { killWord, tellReport } from './safety-words.ts';

/** Every use of the kill switch, newest first, each with its timed report. */
export function KillList({ nameOf }: { readonly nameOf: (traderId: string) => string }) {
  const query = useQuery(killsQuery);
  return (
    <Loaded
      query={query}
      isEmpty={({ items }) => items.length === 0}
      empty={<Empty title="Never used.">Run a drill on a paper trader to see what it does and how long it takes.</Empty>}
    >
      {({ items }) => (
        <ol className={classes.list}>
          {items.map((kill) => (
            <KillItem key={kill.id} kill={kill} name={kill.trader_id === null ? 'The whole instance' : nameOf(kill.trader_id)} />
          ))}
        </ol>
      )}
    </Loaded>
  );
}

function KillItem({ kill, name }: { readonly kill: Kill; readonly name: string }) {
  const [isOpen, setOpen] = useState(kill.finished_at === null);
  const { word, tone, meaning } = killWord(kill);
  return (
    <li className={classes.item}>
      <div className={classes.head}>
        <Tag tone={tone} title={meaning}>
          {word}
        </Tag>
        <b>{name}</b>
        <span className={classes.dim}>
          <Ago at={kill.started_at} /> by {kill.actor === 'system' ? 'the instance itself' : 'a person'}
        </span>
        <div className={classes.actions}>
          {kill.armed && <DisarmButton kill={kill} name={name} />}
          <Button
            variant="default"
            size="compact-xs"
            aria-expanded={isOpen}
            aria-label={`Report of the kill of ${name}`}
            onClick={() => setOpen(!isOpen)}
          >
            Report
          </Button>
        </div>
      </div>
      <p className={classes.text}>
        {kill.reason} <span className={classes.dim}>{tellReport(kill)}.</span>
      </p>
      {isOpen && <KillReport kill={kill} />}
    </li>
  );
}
