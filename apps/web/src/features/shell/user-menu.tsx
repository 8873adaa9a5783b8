import { ActionIcon, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { sentenceOf } from '../../api/api-error.ts';
import { Icon } from '../../components/icon.tsx';
import { profileQuery, useLogout } from '../session/queries.ts';

export function UserMenu() {
  const { data: user } = useQuery(profileQuery);
  const logout = useLogout();
  const mutation = useMutation({
    mutationFn: logout,
    onError: (error) => notifications.show({ color: 'danger', title: 'Still logged in', message: sentenceOf(error) }),
  });
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <ActionIcon size="lg" aria-label={`Account of ${user?.username ?? 'you'}`}>
          <Icon name="account" size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {user?.username} {user?.role === 'owner' && '· owner'}
        </Menu.Label>
        <Menu.Item component={Link} to="/account" leftSection={<Icon name="account" />}>
          Account
        </Menu.Item>
        <Menu.Item component="a" href="/docs" leftSection={<Icon name="external" />}>
          API reference
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<Icon name="logout" />} onClick={() => mutation.mutate()}>
          Log out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
