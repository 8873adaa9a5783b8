import { Page } from '../../components/page.tsx';

export function PromptsPage() {
  return <Page title="PromptsPage">Soon</Page>;
}
