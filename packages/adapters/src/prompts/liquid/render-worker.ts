import { parentPort } from 'node:worker_threads';
import { answerEngineRequest, type EngineRequest } from './liquid-engine.ts';

// Entry of the worker thread. One request at a time; the parent ends the thread when an answer takes too long.
parentPort?.on('message', (request: EngineRequest) => parentPort?.postMessage(answerEngineRequest(request)));
parentPort?.postMessage('ready');
