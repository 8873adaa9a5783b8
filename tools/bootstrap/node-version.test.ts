import { expect, test } from 'vitest';
import { nodeVersionProblem } from './node-version.mjs';

test.each(['20.19.0', '20.20.2', '21.0.0', '22.23.3', '24.9.0'])('Node.js %s is accepted', (version) => {
  expect(nodeVersionProblem(version)).toBeNull();
});

test.each(['20.18.3', '18.20.4', '8.0.0'])('Node.js %s is refused with the version that is needed', (version) => {
  expect(nodeVersionProblem(version)).toContain(`needs Node.js 20.19 or newer (22 or 24 recommended), this is ${version}`);
});
