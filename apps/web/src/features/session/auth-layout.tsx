import { type ReactNode, useEffect } from 'react';
import { Brand } from '../shell/brand.tsx';
import classes from './auth-layout.module.css';

/** The calm frame of set-up and login. */
export function AuthLayout({ title, lead, children }: { readonly title: string; readonly lead: ReactNode; readonly children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Hyperoru`;
  }, [title]);
  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <Brand />
        <h1 className={classes.title}>{title}</h1>
        <p className={classes.lead}>{lead}</p>
        {children}
      </div>
      <p className={classes.foot}>Runs on your machine. No telemetry, no added fee, no request to anyone you did not choose.</p>
    </main>
  );
}
