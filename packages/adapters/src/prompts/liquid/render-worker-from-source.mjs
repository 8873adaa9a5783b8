// Entry of the worker thread when the sources run unbuilt: a thread does not inherit the loader that reads TypeScript.
import { register } from 'tsx/esm/api';

register();
await import('./render-worker.ts');
