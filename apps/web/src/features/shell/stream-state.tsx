import { useStream } from '../../api/stream-provider.tsx';
import classes from './stream-state.module.css';

const TEXT = { live: 'Live', connecting: 'Connecting', stale: 'Not live', closed: 'Not live' } as const;

/** Whether figures arrive by themselves. */
export function StreamState() {
  const { status } = useStream();
  return (
    <span className={classes.state} data-state={status.state} role="status">
      <span className={classes.dot} aria-hidden="true" />
      {TEXT[status.state]}
    </span>
  );
}
