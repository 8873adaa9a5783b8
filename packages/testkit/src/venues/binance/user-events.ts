import { type Symbol, ZERO } from '@hyperoru/domain';
import type { VenueChange, VenueFillRecord, VenueOrderRecord } from '../core/records.ts';
import { QUOTE_ASSET, shown, shownPosition } from './account-shapes.ts';
import { type AlgoStatus, algoStatusOf, shownQuantity } from './algo-orders.ts';
import type { Desk } from './desk.ts';
import {
  conditionalType,
  fillsUpTo,
  forcedOrder,
  isConditional,
  orderAtFill,
  positionSideOf,
  textOf,
  type WireOrder,
  wireOrder,
} from './wire-orders.ts';

/** One event of a user stream and the order it is about, for faults that are matched by it. */
export interface UserEvent {
  readonly data: object;
  readonly symbols: readonly Symbol[];
  readonly clientOrderIds: readonly string[];
}

type Execution = 'NEW' | 'TRADE' | 'CANCELED' | 'EXPIRED' | 'CALCULATED' | 'AMENDMENT';

/** Texts of a conditional order that was refused when it triggered, by the core's reason. */
const TRIGGER_REJECTIONS: Readonly<Record<string, string>> = {
  rejected_at_trigger: 'Margin is insufficient.',
  no_position_at_trigger: 'ReduceOnly Order is rejected.',
};

/** Turns what happens at the venue into the events of user streams, in the venue's order: position first, then the trade. */
export class UserEvents {
  readonly #desk: Desk;
  /** Open orders that the stream has told of, with price and quantity as told. */
  readonly #told = new Map<number, string>();
  /** Conditional orders of which the stream has told that they fired. */
  readonly #fired = new Set<number>();

  /** One moment for all events of a change: their times never run backward. */
  #now = 0;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  of(change: VenueChange): readonly UserEvent[] {
    this.#now = this.#desk.venue.now();
    switch (change.kind) {
      case 'order':
        return this.#isHidden(change.order) ? [] : this.#ofOrder(change.order);
      case 'fill':
        return this.#ofFill(change.fill);
      case 'funding':
        return [this.#funding(change.accountId, change.funding.symbol)];
      case 'balance':
        return [this.#account(change.accountId, change.reason === 'deposit' ? 'DEPOSIT' : 'WITHDRAW', [])];
      case 'leverage':
        return [this.#event('ACCOUNT_CONFIG_UPDATE', { ac: { s: change.symbol, l: change.setting.leverage } }, [change.symbol])];
      default:
        return [];
    }
  }

  #isHidden(order: VenueOrderRecord): boolean {
    return this.#desk.venue.isHidden(order, 'events');
  }

  #isCross(accountId: string, symbol: Symbol): boolean {
    return this.#desk.venue.leverageOf(accountId, symbol).isCross;
  }

  #ofOrder(order: VenueOrderRecord): readonly UserEvent[] {
    if (isConditional(order)) return this.#ofConditional(order);
    const wire = wireOrder(order);
    if (wire === null) return [];
    if (order.status === 'open') {
      const terms = termsOf(order);
      const told = this.#told.get(order.id);
      this.#told.set(order.id, terms);
      if (told === terms) return [];
      return [this.#order(wire, told === undefined ? 'NEW' : 'AMENDMENT')];
    }
    if (order.status === 'partially_filled') return [];
    const isKnown = this.#told.delete(order.id);
    if (order.status === 'filled') return [];
    const ended = this.#order(wire, wire.status === 'CANCELED' ? 'CANCELED' : 'EXPIRED');
    return isKnown ? [ended] : [this.#order({ ...wire, status: 'NEW' }, 'NEW'), ended];
  }

  #ofConditional(order: VenueOrderRecord): readonly UserEvent[] {
    const status = algoStatusOf(order);
    if (order.status === 'open' || order.status === 'waiting') {
      if (this.#told.has(order.id)) return [];
      this.#told.set(order.id, termsOf(order));
      return [this.#algo(order, 'NEW')];
    }
    if (order.status === 'partially_filled') return [];
    if (order.status === 'rejected' && TRIGGER_REJECTIONS[order.reason ?? ''] === undefined) return [];
    this.#told.delete(order.id);
    this.#fired.delete(order.id);
    const became = wireOrder(order);
    if (order.status === 'rejected') return [this.#algo(order, 'TRIGGERING'), this.#algo(order, 'REJECTED')];
    const ended = this.#algo(order, status);
    return became === null || order.status === 'filled' ? [ended] : [this.#order(became, 'CANCELED'), ended];
  }

  #ofFill(fill: VenueFillRecord): readonly UserEvent[] {
    const order = fill.orderId === null ? null : this.#desk.venue.order(fill.orderId);
    const account = this.#account(fill.accountId, 'ORDER', [fill.symbol]);
    if (order === null) return [...this.#marginCall(fill), account, this.#order(forcedOrder(fill), 'CALCULATED', fill)];
    const wire = wireOrder(order);
    if (this.#isHidden(order) || wire === null) return [account];
    const trade = this.#order(orderAtFill(wire, fillsUpTo(this.#desk, fill)), 'TRADE', fill);
    return [...this.#beforeFirstFill(order, wire), account, trade];
  }

  /** An order that matches at once is new first; a conditional one triggers before. */
  #beforeFirstFill(order: VenueOrderRecord, wire: WireOrder): readonly UserEvent[] {
    const fresh = this.#order({ ...wire, status: 'NEW', executedQty: ZERO, avgPrice: ZERO }, 'NEW');
    if (isConditional(order)) {
      if (this.#fired.has(order.id)) return [];
      this.#fired.add(order.id);
      return [this.#algo(order, 'TRIGGERING'), this.#algo(order, 'TRIGGERED'), fresh];
    }
    if (this.#told.has(order.id)) return [];
    this.#told.set(order.id, termsOf(order));
    return [fresh];
  }

  #order(order: WireOrder, execution: Execution, fill: VenueFillRecord | null = null): UserEvent {
    const data = {
      s: order.symbol,
      c: order.clientOrderId,
      S: order.side,
      o: order.type,
      f: order.timeInForce,
      q: order.origQty,
      p: order.price,
      ap: order.avgPrice,
      sp: order.stopPrice,
      x: execution,
      X: order.status,
      i: order.orderId,
      l: fill?.quantity ?? '0',
      z: order.executedQty,
      L: fill?.price ?? '0',
      N: QUOTE_ASSET,
      n: shown(fill?.fee ?? ZERO),
      T: fill?.at ?? order.updateTime,
      t: fill?.id ?? 0,
      b: '0',
      a: '0',
      m: fill?.liquidity === 'maker',
      R: order.reduceOnly,
      wt: order.workingType,
      ot: order.origType,
      ps: order.positionSide,
      cp: order.closePosition,
      AP: '0',
      cr: '0',
      pP: false,
      si: 0,
      ss: 0,
      rp: shown(fill?.realizedPnl ?? ZERO),
      V: 'EXPIRE_MAKER',
      pm: 'NONE',
      gtd: order.goodTillDate,
      er: '0',
    };
    return this.#event('ORDER_TRADE_UPDATE', { o: data }, [order.symbol], [order.clientOrderId]);
  }

  #algo(order: VenueOrderRecord, status: AlgoStatus): UserEvent {
    const hasFired = status === 'TRIGGERED' || status === 'FINISHED';
    const data = {
      caid: order.clientOrderId ?? '',
      aid: order.id,
      at: 'CONDITIONAL',
      o: conditionalType(order),
      s: order.symbol,
      S: order.side === 'buy' ? 'BUY' : 'SELL',
      ps: positionSideOf(order),
      f: 'GTC',
      q: shownQuantity(order),
      X: status,
      ai: hasFired ? String(order.firedId ?? '') : '',
      ...(status === 'FINISHED' ? { ap: shown(order.averagePrice ?? ZERO), aq: order.filledQuantity, act: 'MARKET' } : {}),
      tp: order.type.kind === 'trigger' ? order.type.triggerPrice : ZERO,
      p: '0',
      V: 'EXPIRE_MAKER',
      wt: textOf(order, 'workingType', 'CONTRACT_PRICE'),
      pm: 'NONE',
      cp: order.followsPosition,
      pP: false,
      R: !order.followsPosition,
      tt: hasFired ? order.updatedAt : 0,
      gtd: 0,
      rm: status === 'REJECTED' ? (TRIGGER_REJECTIONS[order.reason ?? ''] ?? '') : '',
    };
    return this.#event('ALGO_UPDATE', { o: data }, [order.symbol], [order.clientOrderId ?? '']);
  }

  /** Funding of a cross position tells of the balance only. */
  #funding(accountId: string, symbol: Symbol): UserEvent {
    return this.#account(accountId, 'FUNDING_FEE', this.#isCross(accountId, symbol) ? [] : [symbol]);
  }

  #account(accountId: string, reason: string, symbols: readonly Symbol[]): UserEvent {
    const { state } = this.#desk.venue.books.account(accountId);
    const P = symbols.flatMap((name) => {
      const symbol = this.#desk.symbols.get(name);
      return symbol === null ? [] : [this.#position(accountId, symbol)];
    });
    const balance = { a: QUOTE_ASSET, wb: shown(state.balance), cw: shown(state.balance), bc: '0' };
    return this.#event('ACCOUNT_UPDATE', { a: { m: reason, B: [balance], P } }, symbols);
  }

  #position(accountId: string, symbol: Parameters<typeof shownPosition>[2]): object {
    const position = shownPosition(this.#desk, accountId, symbol);
    return {
      s: position.symbol,
      pa: position.positionAmt,
      ep: position.entryPrice,
      bep: position.breakEvenPrice,
      cr: shown(this.#desk.venue.books.account(accountId).state.realizedPnl),
      up: position.unRealizedProfit,
      mt: position.isIsolated ? 'isolated' : 'cross',
      iw: position.isolatedWallet,
      ps: position.positionSide,
    };
  }

  /** Comes before a liquidation; about the position as it was. */
  #marginCall(fill: VenueFillRecord): readonly UserEvent[] {
    if (fill.cause !== 'liquidation') return [];
    const { state } = this.#desk.venue.books.account(fill.accountId);
    const position = {
      s: fill.symbol,
      ps: 'BOTH',
      pa: fill.startPosition,
      mt: this.#isCross(fill.accountId, fill.symbol) ? 'CROSSED' : 'ISOLATED',
      iw: '0',
      mp: fill.markPrice,
      up: shown(fill.realizedPnl),
      mm: '0',
    };
    return [this.#event('MARGIN_CALL', { cw: shown(state.balance), p: [position] }, [fill.symbol])];
  }

  #event(kind: string, body: object, symbols: readonly Symbol[], clientOrderIds: readonly string[] = []): UserEvent {
    return { data: { e: kind, E: this.#now, T: this.#now, ...body }, symbols, clientOrderIds };
  }
}

const termsOf = ({ type, originalQuantity }: VenueOrderRecord): string => `${type.kind === 'limit' ? type.price : ''}|${originalQuantity}`;
