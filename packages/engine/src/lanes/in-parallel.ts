/** Works off items, at most `max` at the same time; the first failure is thrown at once, what others took is ended in the background. */
export async function inParallel<T>(items: readonly T[], max: number, work: (item: T) => Promise<unknown>): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(max, items.length) }, worker));
}
