import type { ApiToken } from '@hyperoru/contracts';
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { z } from 'zod';
import { keys } from '../../api/keys.ts';
import { deleteToken, listTokens } from '../../api/users.ts';
import { Confirm } from '../../components/confirm.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Loaded, Panel } from '../../components/panel.tsx';
import { Empty } from '../../components/states.tsx';
import { Ago } from '../../time/time-text.tsx';
import { NewToken } from './new-token.tsx';

type Token = z.infer<typeof ApiToken>;

const COLUMNS: readonly Column<Token>[] = [
  { key: 'name', title: 'Name', lead: true, cell: (token) => token.name },
  { key: 'created', title: 'Created', cell: (token) => <Ago at={token.created_at} /> },
  { key: 'used', title: 'Last used', cell: (token) => (token.last_used_at === null ? 'never' : <Ago at={token.last_used_at} />) },
  { key: 'expires', title: 'Expires', cell: (token) => (token.expires_at === null ? 'never' : <Ago at={token.expires_at} />) },
  { key: 'revoke', title: 'Action', cell: (token) => <Revoke token={token} /> },
];

/** Named tokens for programs that use the API. */
export function TokensPanel() {
  const query = useQuery({ queryKey: keys.tokens, queryFn: listTokens });
  return (
    <Panel title="API tokens" note="for programs: Authorization: Bearer …">
      <NewToken />
      <Loaded
        query={query}
        rows={2}
        isEmpty={(data) => data.items.length === 0}
        empty={<Empty title="No API token yet.">Create one above for a script or another program.</Empty>}
      >
        {(data) => <DataTable caption="API tokens" columns={COLUMNS} rows={data.items} rowKey={(token) => token.id} />}
      </Loaded>
    </Panel>
  );
}

function Revoke({ token }: { readonly token: Token }) {
  const [isAsking, setAsking] = useState(false);
  const client = useQueryClient();
  const mutation = useMutation({
    mutationFn: () => deleteToken(token.id),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.tokens }),
  });
  return (
    <>
      <Button variant="default" size="compact-xs" onClick={() => setAsking(true)} aria-label={`Revoke ${token.name}`}>
        Revoke
      </Button>
      <Confirm
        opened={isAsking}
        title={`Revoke ${token.name}?`}
        action="Revoke the token"
        isDangerous
        isPending={mutation.isPending}
        error={mutation.error}
        onConfirm={() => mutation.mutate()}
        onClose={() => setAsking(false)}
      >
        Programs that use it are refused from now on.
      </Confirm>
    </>
  );
}
