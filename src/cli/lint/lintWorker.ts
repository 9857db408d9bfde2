import { parentPort, workerData } from 'node:worker_threads';
import { answer, type Request } from './lintThreads';
import { LintWork } from './lintWork';

/** Makes this thread one of the linter's: it answers requests one by one. */
export function startLintWorker(): void {
  const work = new LintWork((workerData as { grammars: string }).grammars);
  parentPort?.on('message', async (request: Request) => {
    parentPort?.postMessage(await answer(work, request));
  });
}
