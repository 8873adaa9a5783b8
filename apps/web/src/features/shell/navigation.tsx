import { Link } from '@tanstack/react-router';
import { Icon, type IconName } from '../../components/icon.tsx';
import classes from './navigation.module.css';

const ITEMS = [
  { to: '/', label: 'Traders', icon: 'traders' },
  { to: '/prompts', label: 'Prompts', icon: 'prompts' },
  { to: '/analytics', label: 'Analytics', icon: 'analytics' },
  { to: '/activity', label: 'Activity', icon: 'activity' },
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
        </Link>
      ))}
    </nav>
  );
}
