import { defineConfig } from 'drizzle-kit';

/** `npx drizzle-kit generate --config packages/adapters/drizzle.config.ts` writes the SQL migration of a schema change. */
export default defineConfig({
  dialect: 'postgresql',
  schema: './packages/adapters/src/store/schema/*.ts',
  out: './packages/adapters/src/store/migrations',
  schemaFilter: ['hyperoru'],
});
