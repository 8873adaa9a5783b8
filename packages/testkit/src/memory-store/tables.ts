import { jobTables } from './jobs/job-tables.ts';
import { accessTables } from './tables/access.ts';
import { catalogTables } from './tables/catalog.ts';
import { journalTables } from './tables/journal.ts';
import { safetyTables } from './tables/safety.ts';
import { strategyTables } from './tables/strategy.ts';
import { venueTables } from './tables/venue.ts';

/** Everything that is durable, empty at first. */
export function newTables() {
  const access = accessTables();
  const catalog = catalogTables();
  const strategy = strategyTables(catalog);
  const venue = venueTables(catalog, strategy);
  const safety = safetyTables(catalog, venue);
  return {
    ...access,
    ...catalog,
    ...strategy,
    ...venue,
    ...safety,
    ...journalTables(),
    ...jobTables(),
  };
}

export type Tables = ReturnType<typeof newTables>;
