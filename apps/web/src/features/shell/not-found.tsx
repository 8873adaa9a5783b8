import { LinkButton } from '../../components/link.tsx';
import { Page } from '../../components/page.tsx';
import { Empty } from '../../components/states.tsx';

export function NotFound() {
  return (
    <Page title="Not found">
      <Empty title="There is no page at this address." action={<LinkButton to="/">Back to the traders</LinkButton>}>
        It may have been moved, or the address was cut short.
      </Empty>
    </Page>
  );
}
