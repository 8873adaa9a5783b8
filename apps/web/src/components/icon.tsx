const PATHS = {
  traders: 'M4 19V9m5.3 10V5m5.4 14v-7M20 19V8',
  prompts: 'M5 4h10l4 4v12H5zM14 4v5h5M8.5 13h7M8.5 16.5h5',
  analytics: 'M4 4v16h16M8 15l3.5-4.5 3 2.5L20 7',
  activity: 'M3 12h4l2.5-7 5 14 2.5-7h4',
  account: 'M12 12.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20c1-3.4 4-5 7.5-5s6.5 1.6 7.5 5',
  plus: 'M12 5v14M5 12h14',
  play: 'M7.5 5v14l11-7z',
  pause: 'M8 5v14M16 5v14',
  sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4',
  moon: 'M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10Z',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  trash: 'M5 7h14M10 7V4.5h4V7M7 7l1 13h8l1-13',
  check: 'M5 12.5 10 17.5 19.5 7',
  alert: 'M12 4 2.5 20h19zM12 10v4.5M12 17.4v.1',
  chevron: 'M9 5.5 15.5 12 9 18.5',
  down: 'M5.5 9 12 15.5 18.5 9',
  logout: 'M14 4H5v16h9M10 12h11M17.5 8.5 21 12l-3.5 3.5',
  download: 'M12 4v11M7.5 11 12 15.5 16.5 11M5 20h14',
  external: 'M10 5H5v14h14v-5M14 4h6v6M20 4l-9 9',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 7v5.2l3.5 2',
  shield: 'M12 3 5 6v5.5c0 4.5 3 7.8 7 9.5 4-1.7 7-5 7-9.5V6z',
  spark: 'M12 3v5M12 16v5M3 12h5M16 12h5M6 6l3 3M15 15l3 3M6 18l3-3M15 9l3-3',
} as const;

export type IconName = keyof typeof PATHS;

/** A drawn sign beside text; never the only bearer of a meaning, therefore hidden from screen readers. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.8}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      style={{ flexShrink: 0 }}
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
