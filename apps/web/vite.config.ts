import { tanstackRouter } from '@tanstack/router-plugin/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where a development server finds the running product. */
const PRODUCT_URL = 'http://127.0.0.1:8080';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [
    tanstackRouter({
      target: 'react',
      autoCodeSplitting: true,
      routeFileIgnorePattern: '\\.test\\.',
      tmpDir: 'node_modules/.cache/tanstack-router',
    }),
    react(),
  ],
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2022', sourcemap: false, chunkSizeWarningLimit: 700 },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': PRODUCT_URL, '/docs': PRODUCT_URL, '/ws': { target: PRODUCT_URL, ws: true } },
  },
});
