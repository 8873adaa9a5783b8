import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { keys } from '../../api/keys.ts';
import { listAlerts } from '../../api/records.ts';
import { Icon, type IconName } from '../../components/icon.tsx';
import classes from './navigation.module.css';

const ITEMS = [
  { to: '/', label: 'Traders', icon: 'traders' },
  { to: '/prompts', label: 'Prompts', icon: 'prompts' },
  { to: '/analytics', label: 'Analytics', icon: 'analytics' },
  { to: '/activity', label: 'Activity', icon: 'activity' },
  { to: '/safety', label: 'Safety', icon: 'shield' },
  { to: '/account', label: 'Account', icon: 'account' },
] as const satisfies readonly { to: string; label: string; icon: IconName }[];

/** The areas of the dashboard: at the left on wide screens, at the bottom on narrow ones. */
export function Navigation() {
  return (
    <nav className={classes.nav} aria-label="Main">
      {ITEMS.map((item) => (
        <Link key={item.to} to={item.to} className={classes.item} activeOptions={{ exact: item.to === '/' }}>
          <Icon name={item.icon} size={18} />
          <span>{item.label}</span>
          {item.to === '/activity' && <OpenAlerts />}
        </Link>
      ))}
    </nav>
  );
}

/** Alerts counted at most; more are shown as "9+". */
const ALERTS_COUNTED_MAX = 10;
const OPEN_ALERTS = { status: 'open', limit: ALERTS_COUNTED_MAX };

/** How many alerts nobody has seen yet. */
function OpenAlerts() {
  const { data } = useQuery({ queryKey: keys.alertList(OPEN_ALERTS), queryFn: () => listAlerts(OPEN_ALERTS) });
  const open = data?.items.length ?? 0;
  if (open === 0) return null;
  const text = open >= ALERTS_COUNTED_MAX ? `${ALERTS_COUNTED_MAX - 1}+` : String(open);
  return (
    <span className={classes.count} title={`${text} alerts not seen yet`}>
      {text}
      <span className={classes.hidden}> alerts not seen yet</span>
    </span>
  );
}
