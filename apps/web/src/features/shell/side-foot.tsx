import { Anchor } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { setupQuery } from '../session/queries.ts';
import classes from './shell.module.css';

/** What runs here, and its reference. */
export function SideFoot() {
  const { data } = useQuery({ ...setupQuery, staleTime: Number.POSITIVE_INFINITY });
  return (
    <p className={classes.foot}>
      {data !== undefined && <span>Version {data.version}</span>}
      <Anchor href="/docs" inherit>
        API reference
      </Anchor>
    </p>
  );
}
