import { zoneName } from '../../time/format-time.ts';
import { useZone } from '../../time/zone-choice.tsx';
import classes from './zone-label.module.css';

/** Names the zone in which all times are shown. */
export function ZoneLabel() {
  const { zone } = useZone();
  return (
    <span className={classes.zone} title={`All times are shown in ${zoneName(zone)}. Change it under Account.`}>
      {zoneName(zone)}
    </span>
  );
}
