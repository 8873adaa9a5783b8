import classes from './brand.module.css';

export function Brand() {
  return (
    <span className={classes.brand}>
      <svg width="26" height="26" viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="8" fill="#4f5bd5" />
        <path d="M7 20.5 12.5 13l5 5L25 9" fill="none" stroke="#fff" strokeWidth="3" strokeLinecap="round" strokeLinejoin="round" />
        <circle cx="25" cy="9" r="2.6" fill="#7ef0bd" />
      </svg>
      Hyperoru
    </span>
  );
}
