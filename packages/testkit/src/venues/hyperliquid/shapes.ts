import type { Decimal } from '@hyperoru/domain';
import { parseNumber } from './numbers.ts';
import type { WireSignature } from './signing.ts';

type Json = Readonly<Record<string, unknown>>;

export const TIFS = ['Gtc', 'Ioc', 'Alo', 'FrontendMarket'] as const;
export type Tif = (typeof TIFS)[number];

/** One order of an action, its numbers without trailing zeros. */
export interface OrderShape {
  readonly asset: number;
  readonly isBuy: boolean;
  readonly price: Decimal;
  readonly size: Decimal;
  readonly reduceOnly: boolean;
  readonly type: { readonly tif: Tif } | { readonly triggerPx: Decimal; readonly tpsl: 'tp' | 'sl'; readonly isMarket: boolean };
  readonly cloid: string | null;
}

export type OrderId = number | string;

export type ActionShape =
  | { readonly type: 'order'; readonly orders: readonly OrderShape[]; readonly grouping: 'na' | 'normalTpsl' | 'positionTpsl' }
  | { readonly type: 'cancel'; readonly cancels: readonly { readonly asset: number; readonly oid: number }[] }
  | { readonly type: 'cancelByCloid'; readonly cancels: readonly { readonly asset: number; readonly cloid: string }[] }
  | { readonly type: 'modify' | 'batchModify'; readonly modifies: readonly ModifyShape[] }
  | { readonly type: 'updateLeverage'; readonly asset: number; readonly isCross: boolean; readonly leverage: number }
  | { readonly type: 'updateIsolatedMargin'; readonly asset: number }
  | { readonly type: 'scheduleCancel'; readonly time: number | null }
  | { readonly type: 'noop' }
  | { readonly type: 'approveAgent'; readonly agentAddress: string; readonly agentName: string | null }
  /** Signed and understood as far as its signature goes, but without effect here. */
  | { readonly type: 'other'; readonly name: string };

export interface ModifyShape {
  readonly id: OrderId;
  readonly order: OrderShape;
  readonly isAlways: boolean;
}

/** A request to /exchange. `signed` is the action as the venue writes it again before hashing: its own key order and number texts. */
export interface ExchangeShape {
  readonly action: ActionShape;
  readonly signed: Json;
  readonly nonce: number;
  readonly signature: WireSignature;
  readonly vaultAddress: string | null;
  readonly expiresAfter: number | null;
}

/** Thrown inside this file when a value has another shape than expected; the whole body is then refused with 422. */
class WrongShape extends Error {}

const ADDRESS = /^0x[0-9a-fA-F]{40}$/;
const CLOID = /^0x[0-9a-fA-F]{32}$/;
const SIGNATURE_PART = /^0x[0-9a-fA-F]{1,64}$/;

/** null when the body is not what the venue can deserialize. */
export function parseExchange(body: unknown): ExchangeShape | null {
  try {
    const request = object(body);
    const raw = object(request['action']);
    const { action, signed } = parseAction(raw);
    const signature = object(request['signature']);
    const v = signature['v'];
    if (v !== 27 && v !== 28) throw new WrongShape();
    return {
      action,
      signed,
      nonce: integer(request['nonce']),
      signature: { r: matching(SIGNATURE_PART, signature['r']), s: matching(SIGNATURE_PART, signature['s']), v },
      vaultAddress: request['vaultAddress'] == null ? null : matching(ADDRESS, request['vaultAddress']).toLowerCase(),
      expiresAfter: request['expiresAfter'] == null ? null : integer(request['expiresAfter']),
    };
  } catch (error) {
    if (error instanceof WrongShape) return null;
    throw error;
  }
}

export const isAddress = (value: unknown): value is string => typeof value === 'string' && ADDRESS.test(value);
export const isCloid = (value: unknown): value is string => typeof value === 'string' && CLOID.test(value);
export const isJsonObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

function parseAction(raw: Json): { readonly action: ActionShape; readonly signed: Json } {
  const type = text(raw['type']);
  switch (type) {
    case 'order':
      return parseOrders(raw);
    case 'cancel': {
      const cancels = list(raw['cancels']).map((one) => ({ asset: integer(object(one)['a']), oid: integer(object(one)['o']) }));
      return { action: { type, cancels }, signed: { type, cancels: cancels.map(({ asset, oid }) => ({ a: asset, o: oid })) } };
    }
    case 'cancelByCloid': {
      const cancels = list(raw['cancels']).map((one) => ({
        asset: integer(object(one)['asset']),
        cloid: matching(CLOID, object(one)['cloid']),
      }));
      return {
        action: { type, cancels: cancels.map(({ asset, cloid }) => ({ asset, cloid: cloid.toLowerCase() })) },
        signed: { type, cancels },
      };
    }
    case 'modify': {
      const { shape, signed } = parseModify(raw);
      return { action: { type, modifies: [shape] }, signed: { type, ...signed } };
    }
    case 'batchModify': {
      const parsed = list(raw['modifies']).map((one) => parseModify(object(one)));
      return { action: { type, modifies: parsed.map((one) => one.shape) }, signed: { type, modifies: parsed.map((one) => one.signed) } };
    }
    case 'updateLeverage': {
      const fields = { asset: integer(raw['asset']), isCross: flag(raw['isCross']), leverage: integer(raw['leverage']) };
      return { action: { type, ...fields }, signed: { type, ...fields } };
    }
    case 'updateIsolatedMargin': {
      const asset = integer(raw['asset']);
      return { action: { type, asset }, signed: { type, asset, isBuy: flag(raw['isBuy']), ntli: number(raw['ntli']) } };
    }
    case 'scheduleCancel': {
      const time = raw['time'] == null ? null : integer(raw['time']);
      return { action: { type, time }, signed: time === null ? { type } : { type, time } };
    }
    case 'noop':
      return { action: { type }, signed: { type } };
    case 'approveAgent': {
      const agentName = raw['agentName'] == null ? null : text(raw['agentName']);
      return { action: { type, agentAddress: matching(ADDRESS, raw['agentAddress']).toLowerCase(), agentName }, signed: raw };
    }
    default:
      return { action: { type: 'other', name: type }, signed: raw };
  }
}

function parseOrders(raw: Json): { readonly action: ActionShape; readonly signed: Json } {
  const orders = list(raw['orders']).map((one) => parseOrder(object(one)));
  const grouping = raw['grouping'];
  if (grouping !== 'na' && grouping !== 'normalTpsl' && grouping !== 'positionTpsl') throw new WrongShape();
  const builder = raw['builder'] == null ? {} : { builder: builderOf(object(raw['builder'])) };
  const signed = { type: 'order', orders: orders.map((one) => one.signed), grouping, ...builder };
  return { action: { type: 'order', orders: orders.map((one) => one.shape), grouping }, signed };
}

const builderOf = (raw: Json): Json => ({ b: matching(ADDRESS, raw['b']), f: integer(raw['f']) });

function parseModify(raw: Json): { readonly shape: ModifyShape; readonly signed: Json } {
  const id = raw['oid'];
  if (!isCloid(id) && typeof id !== 'number') throw new WrongShape();
  const order = parseOrder(object(raw['order']));
  const always = raw['a'] == null ? {} : { a: flag(raw['a']) };
  const shape = { id: typeof id === 'string' ? id.toLowerCase() : integer(id), order: order.shape, isAlways: raw['a'] === true };
  return { shape, signed: { oid: id, order: order.signed, ...always } };
}

function parseOrder(raw: Json): { readonly shape: OrderShape; readonly signed: Json } {
  const [price, size] = [decimalText(raw['p']), decimalText(raw['s'])];
  const base = { a: integer(raw['a']), b: flag(raw['b']), p: price, s: size, r: flag(raw['r']) };
  const { type, signedType } = parseOrderType(object(raw['t']));
  const cloid = raw['c'] == null ? null : matching(CLOID, raw['c']);
  return {
    shape: {
      asset: base.a,
      isBuy: base.b,
      price,
      size,
      reduceOnly: base.r,
      type,
      cloid: cloid?.toLowerCase() ?? null,
    },
    signed: { ...base, t: signedType, ...(cloid === null ? {} : { c: cloid }) },
  };
}

function parseOrderType(raw: Json): { readonly type: OrderShape['type']; readonly signedType: Json } {
  if (raw['limit'] !== undefined) {
    const tif = TIFS.find((one) => one === object(raw['limit'])['tif']);
    if (tif === undefined) throw new WrongShape();
    return { type: { tif }, signedType: { limit: { tif } } };
  }
  const trigger = object(raw['trigger']);
  const tpsl = trigger['tpsl'];
  if (tpsl !== 'tp' && tpsl !== 'sl') throw new WrongShape();
  const type = { isMarket: flag(trigger['isMarket']), triggerPx: decimalText(trigger['triggerPx']), tpsl } as const;
  return { type, signedType: { trigger: type } };
}

function object(value: unknown): Json {
  if (!isJsonObject(value)) throw new WrongShape();
  return value;
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new WrongShape();
  return value;
}

function integer(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new WrongShape();
  return value;
}

function number(value: unknown): number {
  if (typeof value !== 'number') throw new WrongShape();
  return value;
}

function flag(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new WrongShape();
  return value;
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new WrongShape();
  return value;
}

function matching(pattern: RegExp, value: unknown): string {
  const found = text(value);
  if (!pattern.test(found)) throw new WrongShape();
  return found;
}

function decimalText(value: unknown): Decimal {
  const parsed = parseNumber(value);
  if (parsed === null) throw new WrongShape();
  return parsed;
}
