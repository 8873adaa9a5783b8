import type { ReactNode } from 'react';
import classes from './data-table.module.css';
import { ScrollArea } from './scroll-area.tsx';

/** A column: `numeric` ones are right-aligned with tabular figures. */
export interface Column<T> {
  readonly key: string;
  readonly title: string;
  readonly numeric?: boolean;
  /** Leads the card on small screens. */
  readonly lead?: boolean;
  /** Takes a whole line of the card: sentences. */
  readonly wide?: boolean;
  readonly cell: (row: T) => ReactNode;
}
interface DataTableProps<T> {
  readonly caption: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly rowKey: (row: T) => string;
}

/** A table on wide screens, the same rows as cards on narrow ones. */
export function DataTable<T>({ caption, columns, rows, rowKey }: DataTableProps<T>) {
  return (
    <ScrollArea label={caption}>
      <table className={classes.table}>
        <caption className={classes.caption}>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" data-numeric={column.numeric}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column) => (
                <td
                  key={column.key}
                  data-numeric={column.numeric}
                  data-lead={column.lead}
                  data-wide={column.wide}
                  data-label={column.title}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}
