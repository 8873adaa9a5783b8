import { Box } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { keys } from '../../api/keys.ts';
import { readInstanceLimits } from '../../api/limits.ts';
import { Loaded, Panel } from '../../components/panel.tsx';
import { profileQuery } from '../session/queries.ts';
import { InstanceLimitsForm } from './instance-limits-form.tsx';

/** What all traders together may do. Owners change it, everyone may know it. */
export function InstanceLimitsPanel() {
  const limits = useQuery({ queryKey: keys.instanceLimits, queryFn: readInstanceLimits });
  const profile = useQuery(profileQuery);
  const isOwner = profile.data?.role === 'owner';
  return (
    <Panel title="Limits over all traders" note={isOwner ? undefined : 'changed by owners'}>
      <Box p="md">
        <Loaded query={limits}>{(stored) => <InstanceLimitsForm limits={stored} isOwner={isOwner} />}</Loaded>
      </Box>
    </Panel>
  );
}
