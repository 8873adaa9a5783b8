import { afterAll, beforeAll, describe } from 'vitest';
import { describeAnalytics } from './store-analytics.ts';
import { describeJournal } from './store-journal.ts';
import { describeOrders } from './store-orders.ts';
import { describePages } from './store-pages.ts';
import { describePortfolio } from './store-portfolio.ts';
import { describeRuns } from './store-runs.ts';
import { describeSafety } from './store-safety.ts';
import { describeTraders } from './store-traders.ts';
import { describeTransactions } from './store-transactions.ts';
import { describeUsers } from './store-users.ts';
import type { StoreUnderTest } from './store-world.ts';

/** What every Store with its ReadModel must do. `makeStore` gives an empty one. */
export function storeContract(name: string, makeStore: () => Promise<StoreUnderTest>): void {
  describe(`${name} as Store`, () => {
    let made: StoreUnderTest;
    beforeAll(async () => {
      made = await makeStore();
    });
    afterAll(() => made.close());
    const subject = () => made;
    describeTransactions(subject);
    describeUsers(subject);
    describeTraders(subject);
    describeRuns(subject);
    describeOrders(subject);
    describePortfolio(subject);
    describeSafety(subject);
    describeJournal(subject);
    describePages(subject);
    describeAnalytics(subject);
  });
}
