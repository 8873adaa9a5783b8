import type { EquityAnswer } from '@hyperoru/contracts';
import { useComputedColorScheme } from '@mantine/core';
import {
  AreaSeries,
  createChart,
  createSeriesMarkers,
  type IChartApi,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  LineType,
  TickMarkType,
  type Time,
} from 'lightweight-charts';
import { useEffect, useRef } from 'react';
import { money, plainDecimal } from '../../format/amount.ts';
import { absoluteTime, shortTime, type ZoneChoice } from '../../time/format-time.ts';
import { useZone } from '../../time/zone-choice.tsx';
import { toMarkers, toPoints } from './chart-data.ts';
import classes from './equity-chart.module.css';

interface Drawn {
  readonly chart: IChartApi;
  readonly series: ISeriesApi<'Area'>;
  readonly markers: ISeriesMarkersPluginApi<Time>;
  readonly colors: { readonly up: string; readonly down: string; readonly exit: string };
}

const isoOf = (time: Time): string => new Date(Number(time) * 1_000).toISOString();
const DAY_S = 86_400;

function precisionOf(type: TickMarkType): 'day' | 'minute' | 'second' {
  if (type === TickMarkType.TimeWithSeconds) return 'second';
  return type === TickMarkType.Time ? 'minute' : 'day';
}

function draw(place: HTMLElement, zone: ZoneChoice): Drawn {
  const style = getComputedStyle(place);
  const color = (token: string): string => style.getPropertyValue(token).trim();
  const chart = createChart(place, {
    autoSize: true,
    layout: {
      background: { color: 'transparent' },
      textColor: color('--text-dim'),
      fontFamily: style.fontFamily,
      fontSize: 11,
      attributionLogo: true,
    },
    grid: { vertLines: { visible: false }, horzLines: { color: color('--line') } },
    rightPriceScale: { borderVisible: false, scaleMargins: { top: 0.15, bottom: 0.12 } },
    timeScale: {
      borderVisible: false,
      timeVisible: true,
      tickMarkFormatter: (time: Time, type: TickMarkType) => shortTime(isoOf(time), zone, precisionOf(type)),
    },
    localization: {
      priceFormatter: (value: number) => money(plainDecimal(value)),
      timeFormatter: (time: Time) => absoluteTime(isoOf(time), zone),
    },
    crosshair: { vertLine: { labelBackgroundColor: '#434fc2' }, horzLine: { labelBackgroundColor: '#434fc2' } },
    handleScroll: false,
    handleScale: false,
  });
  const accent = color('--accent-text');
  const series = chart.addSeries(AreaSeries, {
    lineColor: accent,
    topColor: `${accent}40`,
    bottomColor: `${accent}00`,
    lineWidth: 2,
    lineType: LineType.Simple,
    priceLineVisible: false,
  });
  return {
    chart,
    series,
    markers: createSeriesMarkers(series, []),
    colors: { up: color('--up'), down: color('--down'), exit: color('--text-dim') },
  };
}

/** Equity over time with entries and exits. The table below it says the same in words. */
export function EquityChart({ data }: { readonly data: EquityAnswer }) {
  const place = useRef<HTMLDivElement>(null);
  const drawn = useRef<Drawn>(null);
  const { zone } = useZone();
  const scheme = useComputedColorScheme('dark');

  // biome-ignore lint/correctness/useExhaustiveDependencies: the colors are read from the page, which changes with the scheme.
  useEffect(() => {
    if (place.current === null) return;
    const current = draw(place.current, zone);
    drawn.current = current;
    return () => {
      drawn.current = null;
      current.chart.remove();
    };
  }, [scheme, zone]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a chart drawn anew needs its data again.
  useEffect(() => {
    const current = drawn.current;
    if (current === null) return;
    const points = toPoints(data.points);
    const first = points[0];
    const last = points.at(-1);
    current.chart
      .timeScale()
      .applyOptions({ secondsVisible: first !== undefined && last !== undefined && last.time - first.time < DAY_S / 24 });
    current.series.setData(points);
    current.markers.setMarkers(toMarkers(data.markers, current.colors));
    current.chart.timeScale().fitContent();
  }, [data, scheme, zone]);

  return <div ref={place} className={classes.chart} />;
}
