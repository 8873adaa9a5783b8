import type { ReactNode } from 'react';
import classes from './tiles.module.css';

/** A strip of key figures. */
export function Tiles({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <dl className={classes.tiles} aria-label={label}>
      {children}
    </dl>
  );
}

/** One key figure: name, value, an aside. */
export function Tile({
  name,
  hint,
  aside,
  children,
}: {
  readonly name: string;
  readonly hint?: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <div className={classes.tile} title={hint}>
      <dt className={classes.name}>{name}</dt>
      <dd className={classes.value}>
        {children}
        {aside !== undefined && <span className={classes.aside}>{aside}</span>}
      </dd>
    </div>
  );
}
