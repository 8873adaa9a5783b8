import type { QueryClient } from '@tanstack/react-query';
import { createRouter } from '@tanstack/react-router';
import { LoadingRows } from './components/states.tsx';
import { StrayAddress } from './features/shell/not-found.tsx';
import { RouteFailure } from './features/shell/route-failure.tsx';
import { routeTree } from './routeTree.gen.ts';

/** The pages of the dashboard; loaders share the cache of the queries. */
export function createAppRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: { queryClient },
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    scrollRestoration: true,
    defaultPendingComponent: () => <LoadingRows rows={6} />,
    defaultErrorComponent: RouteFailure,
    defaultNotFoundComponent: StrayAddress,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
