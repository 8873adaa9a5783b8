import type { ReactNode } from 'react';
import { useEffect } from 'react';
import classes from './page.module.css';

interface PageProps {
  readonly title: string;
  /** Beside the title: state and labels. */
  readonly labels?: ReactNode;
  readonly actions?: ReactNode;
  readonly lead?: ReactNode;
  readonly children: ReactNode;
}

/** A page: one h1, its actions, its panels. */
export function Page({ title, labels, actions, lead, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Hyperoru`;
  }, [title]);
  return (
    <>
      <header className={classes.page}>
        <div className={classes.head}>
          <div className={classes.titles}>
            <h1 className={classes.title}>{title}</h1>
            {labels}
          </div>
          {actions !== undefined && <div className={classes.actions}>{actions}</div>}
        </div>
        {lead !== undefined && <p className={classes.lead}>{lead}</p>}
      </header>
      <div className={classes.body}>{children}</div>
    </>
  );
}
