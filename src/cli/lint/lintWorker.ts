import { parentPort, workerData } from 'node:worker_threads';
import { answer, type Request } from './lintThreads';
import { LintWork } from './lintWork';

/** The program of a linter thread: answers requests one by one. */
const work = new LintWork((workerData as { grammars: string }).grammars);

parentPort?.on('message', async (request: Request) => {
  parentPort?.postMessage(await answer(work, request));
});
