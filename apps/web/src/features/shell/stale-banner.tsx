import { Button } from '@mantine/core';
import { useStream } from '../../api/stream-provider.tsx';
import { Notice } from '../../components/notice.tsx';
import { durationText } from '../../time/format-time.ts';
import { useNowMs } from '../../time/now.ts';
import classes from './stale-banner.module.css';

/** Says plainly that what is shown may be old, and since when. */
export function StaleBanner() {
  const { status, reconnect } = useStream();
  if (status.state !== 'stale') return null;
  return (
    <div className={classes.place}>
      <Notice
        tone="warn"
        title="Live updates have stopped."
        isLive
        action={
          <Button variant="default" onClick={reconnect}>
            Reconnect now
          </Button>
        }
      >
        <Silence heardAtMs={status.heardAtMs} /> Figures on this page may be old; reconnecting by itself.
      </Notice>
    </div>
  );
}

function Silence({ heardAtMs }: { readonly heardAtMs: number | null }) {
  const nowMs = useNowMs();
  if (heardAtMs === null) return 'The server has not answered yet.';
  return `Nothing heard from the server for ${durationText(nowMs - heardAtMs)}.`;
}
