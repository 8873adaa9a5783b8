import type { EquityAnswer } from '@hyperoru/contracts';
import type { SeriesMarker, Time, UTCTimestamp } from 'lightweight-charts';
import { exact } from '../../format/amount.ts';

interface Point {
  readonly time: UTCTimestamp;
  readonly value: number;
}

/** The library brands its seconds; this is the one place that makes them. */
function toSeconds(iso: string): UTCTimestamp {
  return Math.floor(Date.parse(iso) / 1_000) as UTCTimestamp;
}

/** Ascending, one value per second, as the chart demands; the newest of a second wins. */
export function toPoints(points: EquityAnswer['points']): Point[] {
  const bySecond = new Map<UTCTimestamp, number>();
  for (const point of points) bySecond.set(toSeconds(point.at), Number(point.equity));
  return [...bySecond].map(([time, value]) => ({ time, value })).toSorted((a, b) => a.time - b.time);
}

/** More markers than this are drawn small, so that the line stays visible. */
const MARKERS_SMALL = 30;

/** Entries and exits as arrows on the line. */
export function toMarkers(
  markers: EquityAnswer['markers'],
  colors: { readonly up: string; readonly down: string; readonly exit: string },
): SeriesMarker<Time>[] {
  const size = markers.length > MARKERS_SMALL ? 0.5 : 0.9;
  return markers
    .map((marker): SeriesMarker<Time> => {
      const isBuy = marker.side === 'buy';
      const entryColor = isBuy ? colors.up : colors.down;
      return {
        time: toSeconds(marker.at),
        position: isBuy ? 'belowBar' : 'aboveBar',
        shape: marker.kind === 'exit' ? 'circle' : isBuy ? 'arrowUp' : 'arrowDown',
        color: marker.kind === 'exit' ? colors.exit : entryColor,
        size: marker.kind === 'exit' ? size * 0.6 : size,
      };
    })
    .toSorted((a, b) => Number(a.time) - Number(b.time));
}

/** "Entry: buy 0.0123 BTC at 61,240.5". */
export function markerText(marker: EquityAnswer['markers'][number]): string {
  return `${marker.kind === 'entry' ? 'Entry' : 'Exit'}: ${marker.side} ${exact(marker.quantity)} ${marker.symbol} at ${exact(marker.price)}`;
}
