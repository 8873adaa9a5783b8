import { LinkButton } from '../../components/link.tsx';
import { Page } from '../../components/page.tsx';
import { Empty } from '../../components/states.tsx';
import { AuthLayout } from '../session/auth-layout.tsx';

const back = <LinkButton to="/">Back to the traders</LinkButton>;

/** Something inside the dashboard that does not exist (any more). */
export function NotFound() {
  return (
    <Page title="Not found">
      <Empty title="There is nothing at this address." action={back}>
        It may belong to someone else, or the address was cut short.
      </Empty>
    </Page>
  );
}

/** An address outside every page. */
export function StrayAddress() {
  return (
    <AuthLayout title="Not found" lead="There is no page at this address. It may have been cut short.">
      {back}
    </AuthLayout>
  );
}
