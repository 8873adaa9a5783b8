/** Exact decimals for display. Amounts come as text and stay exact until the last rounding; no float is involved. */
interface Parts {
  readonly units: bigint;
  readonly scale: number;
}

function parse(text: string): Parts {
  const negative = text.startsWith('-');
  const [whole = '0', fraction = ''] = (negative ? text.slice(1) : text).split('.');
  const units = BigInt(whole + fraction);
  return { units: negative ? -units : units, scale: fraction.length };
}

function rescale(parts: Parts, scale: number): bigint {
  if (scale >= parts.scale) return parts.units * 10n ** BigInt(scale - parts.scale);
  const divisor = 10n ** BigInt(parts.scale - scale);
  const half = divisor / 2n;
  const isNegative = parts.units < 0n;
  const magnitude = isNegative ? -parts.units : parts.units;
  const rounded = (magnitude + half) / divisor;
  return isNegative ? -rounded : rounded;
}

function toText(units: bigint, scale: number): string {
  const isNegative = units < 0n;
  const digits = (isNegative ? -units : units).toString().padStart(scale + 1, '0');
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return isNegative ? `-${text}` : text;
}

/** Rounds half away from zero to `scale` places. */
export function roundDecimal(text: string, scale: number): string {
  return toText(rescale(parse(text), scale), scale);
}

/** Exact sum; "0" for an empty list. */
export function sumDecimals(texts: readonly string[]): string {
  const parts = texts.map(parse);
  const scale = Math.max(0, ...parts.map((part) => part.scale));
  return toText(
    parts.reduce((sum, part) => sum + rescale(part, scale), 0n),
    scale,
  );
}

/** Exact product. */
export function multiplyDecimals(a: string, b: string): string {
  const [left, right] = [parse(a), parse(b)];
  return trimDecimal(toText(left.units * right.units, left.scale + right.scale));
}

/** `a ÷ b`, cut after `scale` places; "0" when `b` is zero. */
export function divideDecimals(a: string, b: string, scale: number): string {
  const [left, right] = [parse(a), parse(b)];
  if (right.units === 0n) return '0';
  return trimDecimal(toText((left.units * 10n ** BigInt(right.scale + scale)) / (right.units * 10n ** BigInt(left.scale)), scale));
}

/** -1, 0 or 1: how `a` stands to `b`. */
export function compareDecimals(a: string, b: string): -1 | 0 | 1 {
  const scale = Math.max(parse(a).scale, parse(b).scale);
  const difference = rescale(parse(a), scale) - rescale(parse(b), scale);
  if (difference === 0n) return 0;
  return difference < 0n ? -1 : 1;
}

/** -1, 0 or 1. */
export function signOf(text: string): -1 | 0 | 1 {
  const { units } = parse(text);
  if (units === 0n) return 0;
  return units < 0n ? -1 : 1;
}

/** Exact product with a power of ten, without zeros at the end: ("0.05", 2) is "5". */
export function shiftDecimal(text: string, places: number): string {
  const { units, scale } = parse(text);
  const shifted = scale - places;
  return trimDecimal(shifted >= 0 ? toText(units, shifted) : toText(units * 10n ** BigInt(-shifted), 0));
}

/** Without zeros at the end: "1.500" is "1.5". */
export function trimDecimal(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
