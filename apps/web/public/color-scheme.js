// Runs before the first paint, so that a page never flashes in the other theme.
(() => {
  const stored = localStorage.getItem('hyperoru.theme');
  const prefersDark = matchMedia('(prefers-color-scheme: dark)').matches;
  const scheme = stored === 'light' || stored === 'dark' ? stored : prefersDark ? 'dark' : 'light';
  document.documentElement.setAttribute('data-mantine-color-scheme', scheme);
})();
