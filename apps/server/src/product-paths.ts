import { join, resolve } from 'node:path';

/** Root of the installation: both `src` and `dist` lie three folders below it. */
const ROOT = resolve(import.meta.dirname, '../../..');

/** Recordings of the paper market. */
export const DATA_FOLDER = join(ROOT, 'data');
/** The built dashboard. */
export const WEB_ROOT = join(ROOT, 'apps/web/dist');
