import type { TraderCard } from '@hyperoru/contracts';
import { LinkButton } from '../../components/link.tsx';
import { Notice } from '../../components/notice.tsx';
import { Moment } from '../../time/time-text.tsx';
import { missingText } from '../traders/setup-steps.ts';

/** What stands between this trader and its next trade. */
export function StatusNotices({ trader }: { readonly trader: TraderCard }) {
  if (trader.status === 'deleted') {
    return (
      <Notice tone="info" title="This trader is deleted.">
        {trader.deleted_at !== null && <Moment at={trader.deleted_at} />} Its strategies have stopped and its keys are destroyed. Everything
        it did stays here and in the analytics.
      </Notice>
    );
  }
  const finish = (
    <LinkButton to="/traders/new" search={{ trader: trader.id }} variant="default">
      Finish the set-up
    </LinkButton>
  );
  return (
    <>
      {trader.status === 'error' && (
        <Notice
          tone="down"
          title="The last run failed."
          isLive
          action={
            trader.status_run_id !== null && (
              <LinkButton to="/runs/$runId" params={{ runId: trader.status_run_id }} variant="default">
                See the run
              </LinkButton>
            )
          }
        >
          {trader.status_reason ?? 'It gave no reason.'} The next successful run clears this by itself.
        </Notice>
      )}
      {trader.setup_missing.length > 0 && <Notice tone="warn" title={missingText(trader.setup_missing)} action={finish} />}
    </>
  );
}
