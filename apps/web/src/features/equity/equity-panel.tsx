import type { EquityAnswer } from '@hyperoru/contracts';
import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { keys } from '../../api/keys.ts';
import { readEquity } from '../../api/traders.ts';
import { Loaded, Panel } from '../../components/panel.tsx';
import { Empty } from '../../components/states.tsx';
import { money } from '../../format/amount.ts';
import { count } from '../../format/words.ts';
import { zoneName } from '../../time/format-time.ts';
import { readNowMs } from '../../time/now.ts';
import { Ago } from '../../time/time-text.tsx';
import { useZone } from '../../time/zone-choice.tsx';
import { markerText } from './chart-data.ts';
import classes from './equity-chart.module.css';
import { EquityChart } from './equity-chart.tsx';
import { EquityRange, RANGE_LABELS, rangeStart } from './equity-range.ts';

const MARKERS_LISTED_MAX = 100;

interface EquityPanelProps {
  readonly traderId: string;
  readonly currency: string;
  readonly range: EquityRange;
  readonly onRange: (range: EquityRange) => void;
}

/** Equity with entry and exit markers over a chosen range. */
export function EquityPanel({ traderId, currency, range, onRange }: EquityPanelProps) {
  const { zone } = useZone();
  const query = useQuery({
    queryKey: keys.equityOf(traderId, range),
    queryFn: () => readEquity(traderId, rangeStart(range, readNowMs())),
    placeholderData: (previous) => previous,
  });
  const control = (
    <SegmentedControl
      size="xs"
      aria-label="Range of the chart"
      value={range}
      onChange={(value) => onRange(EquityRange.catch('7d').parse(value))}
      data={EquityRange.options.map((value) => ({ value, label: RANGE_LABELS[value] }))}
    />
  );
  return (
    <Panel title="Equity" note={`${currency}, times in ${zoneName(zone)}`} actions={control}>
      <Loaded
        query={query}
        rows={7}
        isEmpty={(data) => data.points.length === 0}
        empty={<Empty title="No equity recorded in this range.">It is sampled from the moment an exchange is connected.</Empty>}
      >
        {(data) => <EquityFigure data={data} currency={currency} />}
      </Loaded>
    </Panel>
  );
}

function EquityFigure({ data, currency }: { readonly data: EquityAnswer; readonly currency: string }) {
  const first = data.points[0];
  const last = data.points.at(-1);
  const markers = data.markers.toReversed().slice(0, MARKERS_LISTED_MAX);
  return (
    <figure className={classes.figure}>
      <EquityChart data={data} />
      <figcaption>
        <div className={classes.bar}>
          <span className="number">
            From {money(first?.equity ?? '0')} to {money(last?.equity ?? '0')} {currency}
          </span>
          <span>▲ ▼ entries · ● exits</span>
        </div>
        <details className={classes.details}>
          <summary className={classes.summary}>{count(data.markers.length, 'entry or exit', 'entries and exits')} as a list</summary>
          <ul className={classes.markers}>
            {markers.map((marker) => (
              <li key={`${marker.at} ${marker.kind} ${marker.order_id} ${marker.quantity}`}>
                {markerText(marker)}, <Ago at={marker.at} />
              </li>
            ))}
          </ul>
        </details>
      </figcaption>
    </figure>
  );
}
