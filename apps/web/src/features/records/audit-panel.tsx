import { Button, Group, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { verifyAudit } from '../../api/records.ts';
import { Icon } from '../../components/icon.tsx';
import { Notice } from '../../components/notice.tsx';
import { count } from '../../format/words.ts';
import { FormError } from '../session/form-error.tsx';
import classes from './audit-panel.module.css';

/** Download of the audit log, and the proof that it is unchanged. */
export function AuditPanel() {
  const mutation = useMutation({ mutationFn: verifyAudit });
  const result = mutation.data;
  return (
    <div className={classes.body}>
      <Text size="sm" c="dimmed">
        Each entry carries the hash of the one before it: whoever changes or removes one breaks the chain from there on.
      </Text>
      <Group gap="xs">
        <Button
          variant="default"
          leftSection={<Icon name="shield" size={14} />}
          loading={mutation.isPending}
          onClick={() => mutation.mutate()}
        >
          Verify the chain
        </Button>
        <Button
          component="a"
          variant="default"
          href="/api/audit?format=jsonl"
          download="audit.jsonl"
          leftSection={<Icon name="download" size={14} />}
        >
          Download JSON lines
        </Button>
        <Button
          component="a"
          variant="default"
          href="/api/audit?format=json"
          download="audit.json"
          leftSection={<Icon name="download" size={14} />}
        >
          Download JSON
        </Button>
      </Group>
      <FormError error={mutation.error} />
      {result !== undefined &&
        (result.intact ? (
          <Notice tone="up" title={`The chain is intact: ${count(result.entries, 'entry', 'entries')} verified.`} isLive />
        ) : (
          <Notice tone="down" title={`The chain is broken at entry ${result.first_broken_seq}.`} isLive>
            Keep the database as it is and compare it with your last backup.
          </Notice>
        ))}
    </div>
  );
}
