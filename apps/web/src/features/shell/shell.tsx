import { Outlet } from '@tanstack/react-router';
import { StreamProvider } from '../../api/stream-provider.tsx';
import { StepUpDialog } from '../session/step-up-dialog.tsx';
import { Brand } from './brand.tsx';
import { InstanceMode } from './instance-mode.tsx';
import { Navigation } from './navigation.tsx';
import classes from './shell.module.css';
import { SideFoot } from './side-foot.tsx';
import { StaleBanner } from './stale-banner.tsx';
import { StreamState } from './stream-state.tsx';
import { ThemeToggle } from './theme-toggle.tsx';
import { UserMenu } from './user-menu.tsx';
import { ZoneLabel } from './zone-label.tsx';

/** The frame around every page of a logged-in person. */
export function Shell() {
  return (
    <StreamProvider>
      <StepUpDialog />
      <a href="#content" className={classes.skip}>
        Skip to content
      </a>
      <div className={classes.shell}>
        <aside className={classes.side} aria-label="Navigation">
          <div className={classes.brand}>
            <Brand />
          </div>
          <Navigation />
          <SideFoot />
        </aside>
        <div className={classes.main}>
          <header className={classes.top}>
            <div className={classes.brandSmall}>
              <Brand />
            </div>
            <InstanceMode />
            <div className={classes.tools}>
              <StreamState />
              <ZoneLabel />
              <ThemeToggle />
              <UserMenu />
            </div>
          </header>
          <StaleBanner />
          <main id="content" tabIndex={-1} className={classes.content}>
            <Outlet />
          </main>
        </div>
      </div>
    </StreamProvider>
  );
}
