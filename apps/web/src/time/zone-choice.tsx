import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';
import type { ZoneChoice } from './format-time.ts';

const STORAGE_KEY = 'hyperoru.zone';
interface ZoneState {
  readonly zone: ZoneChoice;
  readonly setZone: (zone: ZoneChoice) => void;
}
const ZoneContext = createContext<ZoneState>({ zone: 'utc', setZone: () => undefined });

/** Keeps the chosen time zone in this browser. */
export function ZoneProvider({ children }: { readonly children: ReactNode }) {
  const [zone, setZone] = useState<ZoneChoice>(() => (localStorage.getItem(STORAGE_KEY) === 'utc' ? 'utc' : 'browser'));
  const state = useMemo<ZoneState>(
    () => ({
      zone,
      setZone: (next) => {
        localStorage.setItem(STORAGE_KEY, next);
        setZone(next);
      },
    }),
    [zone],
  );
  return <ZoneContext value={state}>{children}</ZoneContext>;
}

export function useZone(): ZoneState {
  return useContext(ZoneContext);
}
