import { useQuery } from '@tanstack/react-query';
import { Page } from '../../components/page.tsx';
import { Loaded, Panel } from '../../components/panel.tsx';
import { profileQuery } from '../session/queries.ts';
import classes from './account-page.module.css';
import { AppearanceForm } from './appearance-form.tsx';
import { InvitationPanel } from './invitation-panel.tsx';
import { PasswordForm } from './password-form.tsx';
import { ProfileForm } from './profile-form.tsx';
import { TokensPanel } from './tokens-panel.tsx';

/** The person: profile, password, tokens, invitations, looks. */
export function AccountPage() {
  const query = useQuery(profileQuery);
  return (
    <Page title="Account">
      <Loaded query={query}>
        {(user) => (
          <div className={classes.grid}>
            <Panel title="Profile" note={user.role === 'owner' ? 'owner of this instance' : 'member'}>
              <ProfileForm user={user} />
            </Panel>
            <Panel title="Looks and time">
              <AppearanceForm />
            </Panel>
            <Panel title="Password">
              <PasswordForm />
            </Panel>
            {user.role === 'owner' && (
              <Panel title="Invitations">
                <InvitationPanel />
              </Panel>
            )}
            <div className={classes.wide}>
              <TokensPanel />
            </div>
          </div>
        )}
      </Loaded>
    </Page>
  );
}
