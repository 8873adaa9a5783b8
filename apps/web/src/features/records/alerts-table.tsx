import type { Alert } from '@hyperoru/contracts';
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { keys } from '../../api/keys.ts';
import { acknowledgeAlert } from '../../api/records.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Missing } from '../../components/figure.tsx';
import { TextLink } from '../../components/link.tsx';
import { Tag, type Tone } from '../../components/tag.tsx';
import { sentenceCase } from '../../format/words.ts';
import { Ago } from '../../time/time-text.tsx';

const TONES: Readonly<Record<Alert['severity'], Tone>> = { info: 'neutral', warning: 'warn', critical: 'down' };

const COLUMNS: readonly Column<Alert>[] = [
  {
    key: 'severity',
    title: 'Severity',
    lead: true,
    cell: (alert) => <Tag tone={TONES[alert.severity]}>{sentenceCase(alert.severity)}</Tag>,
  },
  { key: 'message', title: 'What happened', wide: true, cell: (alert) => alert.message },
  {
    key: 'trader',
    title: 'Trader',
    cell: (alert) =>
      alert.trader_id === null ? (
        <Missing why="Concerns the whole instance" />
      ) : (
        <TextLink to="/traders/$traderId" params={{ traderId: alert.trader_id }}>
          {alert.trader_name}
        </TextLink>
      ),
  },
  { key: 'at', title: 'Raised', cell: (alert) => <Ago at={alert.created_at} /> },
  { key: 'ack', title: 'Seen', cell: (alert) => <Acknowledge alert={alert} /> },
];

function Acknowledge({ alert }: { readonly alert: Alert }) {
  const client = useQueryClient();
  const mutation = useMutation({
    mutationFn: () => acknowledgeAlert(alert.id),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.alerts }),
  });
  if (alert.acknowledged_at !== null) return <Ago at={alert.acknowledged_at} />;
  return (
    <Button variant="default" size="compact-xs" loading={mutation.isPending} onClick={() => mutation.mutate()}>
      Mark as seen
    </Button>
  );
}

export function AlertsTable({ alerts }: { readonly alerts: readonly Alert[] }) {
  return <DataTable caption="Alerts" columns={COLUMNS} rows={alerts} rowKey={(alert) => alert.id} />;
}
