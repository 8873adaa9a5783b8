import { build, staleTargets } from './build.mjs';
import { install, isInstalled } from './installation.mjs';
import { withSetupLock } from './setup-lock.mjs';

/**
 * Installs and builds what is missing or out of date; returns at once when nothing is.
 *
 * @param {string} root
 * @param {{ needsBuild: boolean }} options
 */
export async function setUp(root, { needsBuild }) {
  const isReady = () => isInstalled(root) && (!needsBuild || staleTargets(root).length === 0);
  if (isReady()) return;
  await withSetupLock(root, async () => {
    if (!isInstalled(root)) await install(root);
    const targets = needsBuild ? staleTargets(root) : [];
    if (targets.length > 0) await build(root, targets);
  });
}
