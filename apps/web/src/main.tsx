import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import './theme/tokens.css';
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createQueryClient } from './api/query-client.ts';
import { createAppRouter } from './router.tsx';
import { cssVariables, theme } from './theme/theme.ts';
import { ZoneProvider } from './time/zone-choice.tsx';

const colorSchemes = localStorageColorSchemeManager({ key: 'hyperoru.theme' });
const queryClient = createQueryClient(() => {
  const here = router.state.location;
  if (['/login', '/setup', '/register'].includes(here.pathname)) return;
  queryClient.removeQueries();
  // Navigation failures are shown by the router itself.
  void router.navigate({ to: '/login', search: { back: here.href, ended: true } });
});
const router = createAppRouter(queryClient);

const root = document.getElementById('root');
if (root === null) throw new Error('Expected an element #root in index.html.');
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} colorSchemeManager={colorSchemes} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <ZoneProvider>
          <Notifications position="bottom-right" autoClose={5_000} limit={4} />
          <RouterProvider router={router} />
        </ZoneProvider>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
