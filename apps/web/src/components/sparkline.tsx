import classes from './sparkline.module.css';

const WIDTH = 240;
const HEIGHT = 44;
const PADDING = 3;

/** Points of the line, scaled to the box; a flat line runs through the middle. */
export function sparklinePath(values: readonly number[]): string {
  const low = Math.min(...values);
  const span = Math.max(...values) - low;
  return values
    .map((value, index) => {
      const x = values.length === 1 ? WIDTH / 2 : (index / (values.length - 1)) * WIDTH;
      const y = span === 0 ? HEIGHT / 2 : HEIGHT - PADDING - ((value - low) / span) * (HEIGHT - 2 * PADDING);
      return `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join(' ');
}

/** The shape of the equity, without numbers; the figures beside it carry the meaning. */
export function Sparkline({ values }: { readonly values: readonly number[] }) {
  const first = values[0];
  const last = values.at(-1);
  if (first === undefined || last === undefined || values.length < 2) return <div className={classes.none} aria-hidden="true" />;
  const line = sparklinePath(values);
  return (
    <svg
      className={classes.line}
      data-direction={last < first ? 'down' : 'up'}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path className={classes.area} d={`${line} L${WIDTH} ${HEIGHT} L0 ${HEIGHT} Z`} />
      <path className={classes.stroke} d={line} />
    </svg>
  );
}
