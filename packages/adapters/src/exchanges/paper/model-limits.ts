/** What a reader of paper results must know; shown wherever they are shown. */
export const PAPER_MODEL_LIMITS: readonly string[] = [
  'Orders are filled by a model, not by a market: a ladder of fixed size around the mark, full again after every order, the same for every trader.',
  'No queue position: a resting order fills in full once the price has gone through it, and a mere touch never fills it.',
  'No market impact beyond the ladder, no hidden liquidity, and no delay between order and match.',
  'Prices come from recorded spot candles and stand for a perpetual; between open, high, low and close the path is straight lines.',
  'Funding is an assumption of 0.01 % per eight hours, paid hourly in market time on the mark price; hours missing from the recording are not charged beyond one day.',
  'Inside one price step stops and liquidation come before take-profits, the worse case for the holder.',
  'Liquidation closes the whole position at once and never takes more than the account holds.',
];
