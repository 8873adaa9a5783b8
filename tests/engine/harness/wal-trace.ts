/** Lines of `strace -f -ttt -T -y`: process, moment in s since 1970, call. */
export type Trace = readonly string[];

export interface Syncs {
  /** Moments at which something was written to the write-ahead log. */
  readonly writes: readonly number[];
  /** Syncs of the log, from call to return. */
  readonly syncs: readonly { readonly from: number; readonly to: number }[];
}

const LINE = /^(\d+) +(\d+\.\d+) (.*)$/;
const RETURNED = /= 0 <(\d+\.\d+)>$/;

/** Reads when the log was written and when it was synced; a call that others interrupt has two lines. */
export function syncsOf(trace: Trace): Syncs {
  const writes: number[] = [];
  const syncs: { from: number; to: number }[] = [];
  const begun = new Map<string, number>();
  for (const line of trace) {
    const [, pid = '', moment = '', call = ''] = LINE.exec(line) ?? [];
    const at = Number(moment);
    const isLog = call.includes('pg_wal/');
    if (/^pwritev?(64)?\(/.test(call) && isLog) writes.push(at);
    if (/^(fdatasync|fsync)\(/.test(call) && isLog) {
      const took = RETURNED.exec(call)?.[1];
      if (took === undefined) begun.set(pid, at);
      else syncs.push({ from: at, to: at + Number(took) });
    }
    const from = begun.get(pid);
    if (/^<\.\.\. (fdatasync|fsync) resumed>/.test(call) && from !== undefined) {
      syncs.push({ from, to: at });
      begun.delete(pid);
    }
  }
  return { writes, syncs };
}
