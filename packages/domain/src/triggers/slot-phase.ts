import type { BindingId } from '../ids/ids.ts';

const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/**
 * How far the interval slots of a binding lie behind the multiples of the interval since 1970, 0 ≤ phase < `intervalMs`. It follows
 * from the binding's id alone, so it is the same after every restart and in every process, and different bindings are spread
 * evenly: many traders with one interval do not all decide at the same instant. Hash: FNV-1a, 32 bits.
 */
export function slotPhaseMs(bindingId: BindingId, intervalMs: number): number {
  let hash = OFFSET_BASIS;
  for (let index = 0; index < bindingId.length; index++) hash = Math.imul(hash ^ bindingId.charCodeAt(index), PRIME);
  return (hash >>> 0) % intervalMs;
}
