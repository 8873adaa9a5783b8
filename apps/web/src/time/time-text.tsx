import { absoluteTime, countdown, relativeTime } from './format-time.ts';
import { useNowMs } from './now.ts';
import { useZone } from './zone-choice.tsx';

/** A moment as "3 min ago"; the exact time with its zone on hover. */
export function Ago({ at }: { readonly at: string }) {
  const { zone } = useZone();
  return (
    <time dateTime={at} title={absoluteTime(at, zone)} className="number">
      {relativeTime(at, useNowMs())}
    </time>
  );
}

/** A moment in full, with its zone. */
export function Moment({ at }: { readonly at: string }) {
  const { zone } = useZone();
  return (
    <time dateTime={at} className="number">
      {absoluteTime(at, zone)}
    </time>
  );
}

/** Time left until a moment, counting down. */
export function Countdown({ to }: { readonly to: string }) {
  const { zone } = useZone();
  return (
    <time dateTime={to} title={absoluteTime(to, zone)} className="number">
      {countdown(to, useNowMs())}
    </time>
  );
}
