import classes from './environment-badge.module.css';

export type EnvironmentName = 'paper' | 'testnet' | 'mainnet';
const TEXT: Readonly<Record<EnvironmentName, { short: string; long: string }>> = {
  paper: { short: 'PAPER', long: 'PAPER – simulated money' },
  testnet: { short: 'TESTNET', long: 'TESTNET – play money on a test exchange' },
  mainnet: { short: 'MAINNET', long: 'MAINNET – real money' },
};

/** Says whose money moves: calm stripes for paper, amber for testnet, red for mainnet. */
export function EnvironmentBadge({ environment, long = false }: { readonly environment: EnvironmentName; readonly long?: boolean }) {
  const text = TEXT[environment];
  return (
    <span className={classes.badge} data-environment={environment} title={text.long}>
      {long ? text.long : text.short}
    </span>
  );
}
