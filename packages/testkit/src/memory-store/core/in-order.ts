/** Oldest first by a moment, then by id. Sorts the given array. */
export function inOrder<Row>(rows: Row[], momentOf: (row: Row) => number, idOf: (row: Row) => string): Row[] {
  return rows.sort((a, b) => momentOf(a) - momentOf(b) || compareText(idOf(a), idOf(b)));
}

/** By code unit, as PostgreSQL orders uuids and, with the C collation, texts. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const byCreation = <Row extends { readonly createdAt: number; readonly id: string }>(rows: Row[]): Row[] =>
  inOrder(
    rows,
    (row) => row.createdAt,
    (row) => row.id,
  );
