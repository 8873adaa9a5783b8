import { money, percent, smallMoney } from '../format/amount.ts';
import { signOf } from '../format/decimal.ts';

const DASH = '–';
const TONE = { '-1': 'var(--down)', '0': 'var(--text-dim)', '1': 'var(--up)' } as const;
const ARROW = { '-1': '▼', '0': '', '1': '▲' } as const;

/** An amount with its unit. `signed`: gain or loss, shown by sign, arrow and colour together. */
export function Amount({
  value,
  unit,
  signed = false,
  small = false,
}: {
  readonly value: string | null;
  readonly unit?: string;
  readonly signed?: boolean;
  readonly small?: boolean;
}) {
  if (value === null) return <Missing />;
  const direction = signOf(value);
  const text = small ? smallMoney(value) : money(value, signed);
  return (
    <span className="number" style={signed ? { color: TONE[`${direction}`] } : undefined}>
      {signed && direction !== 0 && <Arrow direction={direction} />}
      {text}
      {unit !== undefined && <Unit text={unit} />}
    </span>
  );
}

/** A change in percent, as sign, arrow and colour. */
export function Change({ value }: { readonly value: number | null }) {
  if (value === null) return <Missing />;
  const direction = signOf(value.toFixed(2));
  return (
    <span className="number" style={{ color: TONE[`${direction}`] }}>
      {percent(value)}
    </span>
  );
}

function Arrow({ direction }: { readonly direction: -1 | 0 | 1 }) {
  return (
    <span aria-hidden="true" style={{ fontSize: '0.62em', marginInlineEnd: '0.35em', verticalAlign: '0.12em' }}>
      {ARROW[`${direction}`]}
    </span>
  );
}

export function Unit({ text }: { readonly text: string }) {
  return <span style={{ color: 'var(--text-dim)', fontSize: '0.82em', marginInlineStart: '0.3em', fontWeight: 450 }}>{text}</span>;
}

/** A value that does not exist (yet). */
export function Missing({ why = 'No value yet' }: { readonly why?: string }) {
  return (
    <span style={{ color: 'var(--text-dim)' }} title={why}>
      {DASH}
    </span>
  );
}
