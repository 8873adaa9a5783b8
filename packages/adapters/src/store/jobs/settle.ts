/** How many jobs a pg-boss command touched; its declared type hides the count. */
export function affectedBy(response: unknown): number {
  return typeof response === 'object' && response !== null && 'affected' in response && typeof response.affected === 'number'
    ? response.affected
    : 0;
}
