/** One seeded bug: this text of this file is replaced. The text has to be there exactly once. */
export interface Mutant {
  /** What is wrong, as one would say it. */
  readonly name: string;
  /** Path from the root of the project. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const EXECUTION = 'packages/engine/src/execution';
const DOMAIN = 'packages/domain/src';

/** Bugs that an order path can have and must not. A seed of the simulation has to find each; one that survives is a hole in the tests. */
export const MUTANTS: readonly Mutant[] = [
  {
    name: 'an order is sent again when the answer is unknown',
    file: `${EXECUTION}/send-order.ts`,
    from: '    const told = await place(deps, connection, { ...sent, deadline, nonce });',
    to: `    let told = await place(deps, connection, { ...sent, deadline, nonce });
    if (told.state === 'unknown') told = await place(deps, connection, { ...sent, deadline, nonce });`,
  },
  {
    name: 'an unknown answer counts as a refusal',
    file: `${EXECUTION}/send-order.ts`,
    from: "      return moveOrder(deps, tx, { order, to: 'unknown', change: { reason: outcome.cause }, trader });",
    to: "      return moveOrder(deps, tx, { order, to: 'rejected', change: { reason: outcome.cause }, trader });",
  },
  {
    name: 'an order leaves before it is marked as sent',
    file: `${EXECUTION}/send-order.ts`,
    from: '    const moved = await moveOrder(deps, tx, { order, to: code === null',
    to: "    if (code === null) return { order: { ...order, ...change, state: 'sent' }, isOurs: true };\n    const moved = await moveOrder(deps, tx, { order, to: code === null",
  },
  {
    name: 'an intent that says sent already is sent by whoever finds it',
    file: `${EXECUTION}/send-order.ts`,
    from: "    if (order.state !== 'intent') return { order, isOurs: false };",
    to: "    if (order.state !== 'intent') return { order, isOurs: order.state === 'sent' || order.state === 'accepted' };",
  },
  {
    name: 'a pause is looked at before the model only',
    file: `${EXECUTION}/send-order.ts`,
    from: "    if (trader.generation !== generation || !(trader.isActive || isByHand) || trader.deletedAt !== null) return 'trader_changed';",
    to: '',
  },
  {
    name: 'the kill switch and the generation are not looked at',
    file: `${EXECUTION}/send-order.ts`,
    from: '  if (generation !== null) {',
    to: '  if (generation === -1) {',
  },
  {
    name: 'the epoch of the lane is not compared',
    file: `${EXECUTION}/send-order.ts`,
    from: '  if (epoch !== undefined && (await tx.jobs.laneEpoch(traderId)) !== epoch) throw new LeaseLost(traderId);',
    to: '',
  },
  {
    name: 'a stale decision is sent',
    file: `${EXECUTION}/send-order.ts`,
    from: "  return decidedAt !== undefined && now - decidedAt > DECISION_AGE_MS_MAX ? 'decision_stale' : null;",
    to: '  return null;',
  },
  {
    name: 'the request lives longer than its record says',
    file: `${EXECUTION}/send-order.ts`,
    from: '    deadline: sent.deadline,\n    nonce',
    to: '    deadline: addMs(sent.deadline, 60_000),\n    nonce',
  },
  {
    name: 'the nonce is not the stored one',
    file: `${EXECUTION}/send-order.ts`,
    from: '    nonce: sent.nonce,',
    to: '    nonce: sent.nonce + 1,',
  },
  {
    name: 'protection covers what was planned instead of what was filled',
    file: `${EXECUTION}/send-order.ts`,
    from: '            quantity: guard.quantity ?? order.quantity,',
    to: '            quantity: order.quantity,',
  },
  {
    name: 'an order of unknown fate does not count',
    file: `${DOMAIN}/orders/state-machine.ts`,
    from: "    case 'partially_filled':\n    case 'unknown':\n      return true;",
    to: "    case 'partially_filled':\n      return true;\n    case 'unknown':\n      return false;",
  },
  {
    name: 'an absent order stays absent',
    file: `${DOMAIN}/orders/state-machine.ts`,
    from: "  absent: ['accepted', 'partially_filled', 'filled', 'canceled', 'expired', 'rejected'],",
    to: '  absent: [],',
  },
  {
    name: 'a rejected order stays rejected',
    file: `${DOMAIN}/orders/state-machine.ts`,
    from: "  rejected: ['accepted', 'partially_filled', 'filled', 'canceled', 'expired'],",
    to: '  rejected: [],',
  },
  {
    name: 'a sent order may go back to intent',
    file: `${DOMAIN}/orders/state-machine.ts`,
    from: "'rejected', 'unknown', 'dropped'],",
    to: "'rejected', 'unknown', 'dropped', 'absent'],",
  },
  {
    name: 'fills are told apart by their time',
    file: 'packages/engine/src/portfolio/book-fill.ts',
    from: "  ids.derived('fill', traderId, tradeId) as FillId;",
    to: "  ids.derived('fill', traderId, String(tradeId.length)) as FillId;",
  },
  {
    name: 'a fill that comes twice counts twice in the ledger',
    file: 'packages/engine/src/portfolio/book-fill.ts',
    from: '      if (!(await tx.portfolio.insertFill(fill))) return false;',
    to: '      await tx.portfolio.insertFill(fill);',
  },
  {
    name: 'late fills are booked as they come',
    file: 'packages/engine/src/portfolio/book-fill.ts',
    from: '      const effect = newestAt !== null && fill.filledAt < newestAt ? await reorder(tx, fill, applied) : applied;',
    to: '      const effect = applied;',
  },
  {
    name: 'the fee is not booked',
    file: 'packages/engine/src/portfolio/book-fill.ts',
    from: '  if (!isZero(fill.fee))',
    to: '  if (isZero(fill.fee))',
  },
  {
    name: 'protection may open a position',
    file: `${EXECUTION}/make-intents.ts`,
    from: '    quantity: plan.quantity,\n    reduceOnly: true,\n    leverage: plan.leverage,',
    to: '    quantity: plan.quantity,\n    reduceOnly: false,\n    leverage: plan.leverage,',
  },
  {
    name: 'protection lies on the side of the entry',
    file: `${EXECUTION}/make-intents.ts`,
    from: "  const side = plan.side === 'buy' ? 'sell' : 'buy';",
    to: "  const side = plan.side === 'buy' ? 'buy' : 'sell';",
  },
];
