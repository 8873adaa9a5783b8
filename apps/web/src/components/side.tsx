const SIDES = {
  buy: { word: 'Buy', sign: '▲', color: 'var(--up)' },
  sell: { word: 'Sell', sign: '▼', color: 'var(--down)' },
  long: { word: 'Long', sign: '▲', color: 'var(--up)' },
  short: { word: 'Short', sign: '▼', color: 'var(--down)' },
} as const;

/** Direction of an order or position: sign, word and colour. */
export function Side({ side }: { readonly side: keyof typeof SIDES }) {
  const { word, sign, color } = SIDES[side];
  return (
    <span style={{ color, fontWeight: 580, whiteSpace: 'nowrap' }}>
      <span aria-hidden="true" style={{ fontSize: '0.7em', verticalAlign: '0.1em' }}>
        {sign}
      </span>{' '}
      {word}
    </span>
  );
}
