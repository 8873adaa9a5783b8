/**
 * Who may import whom:
 *
 *   domain ← engine ← adapters ← apps/server → contracts ← apps/web
 *              ↖——— testkit (tests only) ———↗
 *
 * Type-only imports count: a type from the wrong side is a dependency too.
 */
const TEST = '(\\.test\\.tsx?$|^tests/|^bench/|^packages/testkit/)';
const TEST_LIBRARY = '(^|/)node_modules/(vitest|fast-check|@vitest|@fast-check)/';

/** Everything a package may import besides its own folder; tests may also use the testkit, test libraries and Node. */
function onlyImports(name, folder, allowed) {
  return [
    {
      name: `${name}-imports`,
      comment: `${folder} may import: ${allowed.join(', ') || 'nothing'}.`,
      severity: 'error',
      from: { path: `^${folder}/src/`, pathNot: TEST },
      to: { pathNot: [`^${folder}/src/`, ...allowed] },
    },
    {
      name: `${name}-test-imports`,
      comment: `Tests of ${folder} may import, besides what it imports: the testkit, vitest, fast-check, Node.`,
      severity: 'error',
      from: { path: `^${folder}/src/.*\\.test\\.tsx?$` },
      to: { pathNot: [`^${folder}/src/`, ...allowed, '^packages/testkit/', TEST_LIBRARY], dependencyTypesNot: ['core'] },
    },
  ];
}

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Two files that need each other are one idea in two places.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment: 'An import that cannot be resolved cannot be judged.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    ...onlyImports('domain', 'packages/domain', ['(^|/)node_modules/(big\\.js|@types/big\\.js)/']),
    {
      name: 'one-owner-of-big-js',
      comment: 'Arithmetic on money has one home.',
      severity: 'error',
      from: { pathNot: '^packages/domain/src/money/decimal\\.ts$' },
      to: { path: '(^|/)node_modules/(big\\.js|@types/big\\.js)/' },
    },
    ...onlyImports('engine', 'packages/engine', ['^packages/domain/src/index\\.ts$', '(^|/)node_modules/cron-parser/']),
    ...onlyImports('contracts', 'packages/contracts', ['(^|/)node_modules/zod/']),
    {
      name: 'adapters-are-strangers',
      comment: 'An adapter never imports another adapter; what those of live venues share is exchanges/live, which knows none of them.',
      severity: 'error',
      from: { path: '^packages/adapters/src/((?:exchanges/)?[^/]+)/', pathNot: TEST },
      to: { path: '^packages/adapters/src/', pathNot: ['^packages/adapters/src/$1/', '^packages/adapters/src/exchanges/live/'] },
    },
    {
      name: 'adapters-know-no-app',
      comment: 'Adapters implement ports; they know neither the HTTP contracts nor an app.',
      severity: 'error',
      from: { path: '^packages/adapters/', pathNot: TEST },
      to: { path: ['^apps/', '^packages/contracts/', '^packages/testkit/'] },
    },
    {
      name: 'testkit-imports',
      comment: 'The testkit fakes ports; it never depends on a real adapter or an app.',
      severity: 'error',
      from: { path: '^packages/testkit/' },
      to: { path: ['^apps/', '^packages/adapters/', '^packages/contracts/'] },
    },
    {
      name: 'testkit-in-tests-only',
      comment: 'Fakes never reach the product.',
      severity: 'error',
      from: { path: '^(packages|apps)/', pathNot: TEST },
      to: { path: '^packages/testkit/' },
    },
    {
      name: 'web-imports-contracts-only',
      comment: 'The dashboard knows the server by its contracts alone.',
      severity: 'error',
      from: { path: '^apps/web/' },
      to: { path: ['^packages/(domain|engine|adapters|testkit)/', '^apps/server/'] },
    },
    {
      name: 'web-runs-in-a-browser',
      comment: 'Nothing the browser loads may need Node.',
      severity: 'error',
      from: { path: '^apps/web/src/', pathNot: TEST },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'routes-know-no-adapter',
      comment: 'Routes and stream call use cases; which adapter stands behind a port is the business of wiring and commands.',
      severity: 'error',
      from: { path: '^apps/server/src/(http|stream)/', pathNot: TEST },
      to: { path: '^packages/adapters/' },
    },
    {
      name: 'product-stands-alone',
      comment: 'Packages and apps never import tests, tools or benchmarks.',
      severity: 'error',
      from: { path: '^(packages|apps)/' },
      to: { path: '^(tests|tools|bench)/', pathNot: '^tests/setup/' },
    },
    {
      name: 'package-entry-only',
      comment: 'A package is imported by its name, which is its entry file.',
      severity: 'error',
      from: { path: '^(apps|tests|tools|bench)/' },
      to: { path: '^packages/[^/]+/src/', pathNot: '^packages/[^/]+/src/index\\.ts$' },
    },
    {
      name: 'declared-dependencies',
      comment: 'Every library is named in the package.json of the package that imports it.',
      severity: 'error',
      from: { path: '^(packages|apps)/[^/]+/src/', pathNot: TEST },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-development-library-in-the-server',
      comment: 'What the server needs at run time is a dependency, not a devDependency.',
      severity: 'error',
      from: { path: '^(packages/(domain|engine|contracts|adapters)|apps/server)/src/', pathNot: TEST },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '(^|/)node_modules/@types/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|coverage)/|\\.gen\\.ts$' },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mts', '.mjs', '.cjs', '.js', '.json', '.d.ts'],
    },
  },
};
