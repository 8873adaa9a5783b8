/** The oldest Node.js that everything here is tested with. */
const NODE_MAJOR_MIN = 20;
const NODE_MINOR_MIN = 19;

/**
 * One sentence when this Node.js is too old, otherwise null.
 *
 * @param {string} version as in process.versions.node
 * @returns {string | null}
 */
export function nodeVersionProblem(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > NODE_MAJOR_MIN || (major === NODE_MAJOR_MIN && minor >= NODE_MINOR_MIN)) return null;
  return `Hyperoru needs Node.js ${NODE_MAJOR_MIN}.${NODE_MINOR_MIN} or newer (22 or 24 recommended), this is ${version}. Install one from https://nodejs.org and start again.`;
}
