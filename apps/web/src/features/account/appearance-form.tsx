import { NativeSelect, useMantineColorScheme } from '@mantine/core';
import { zoneName } from '../../time/format-time.ts';
import { useZone } from '../../time/zone-choice.tsx';
import classes from './account-page.module.css';

/** Theme and time zone; kept in this browser. */
export function AppearanceForm() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { zone, setZone } = useZone();
  const onTheme = (theme: string): void => setColorScheme(theme === 'light' || theme === 'dark' ? theme : 'auto');
  return (
    <div className={classes.body}>
      <NativeSelect
        label="Theme"
        value={colorScheme}
        onChange={(event) => onTheme(event.currentTarget.value)}
        data={[
          { value: 'auto', label: 'As this device' },
          { value: 'light', label: 'Light' },
          { value: 'dark', label: 'Dark' },
        ]}
      />
      <NativeSelect
        label="Time zone"
        description="Times are stored in UTC; this only changes how they are shown."
        value={zone}
        onChange={(event) => setZone(event.currentTarget.value === 'utc' ? 'utc' : 'browser')}
        data={[
          { value: 'browser', label: `This browser (${zoneName('browser')})` },
          { value: 'utc', label: 'UTC' },
        ]}
      />
    </div>
  );
}
