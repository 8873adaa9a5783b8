import { UnstyledButton } from '@mantine/core';
import { Loaded } from '../../components/panel.tsx';
import classes from './prompt-editor.module.css';
import type { useVariables } from './queries.ts';

interface VariablesPaneProps {
  readonly query: ReturnType<typeof useVariables>;
  readonly onInsert: (name: string) => void;
}

/** What a prompt can contain; a click inserts it at the cursor. */
export function VariablesPane({ query, onInsert }: VariablesPaneProps) {
  return (
    <Loaded query={query} rows={6}>
      {(data) => (
        <ul className={classes.variables}>
          {data.items.map((variable) => (
            <li key={variable.name}>
              <UnstyledButton className={classes.variable} onClick={() => onInsert(variable.name)} aria-label={`Insert ${variable.name}`}>
                <code>{`{{${variable.name}}}`}</code>
                <span className={classes.dim}>{variable.meaning}</span>
              </UnstyledButton>
            </li>
          ))}
        </ul>
      )}
    </Loaded>
  );
}
