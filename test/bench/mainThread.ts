import type { Page } from 'playwright-core';

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds by the clock, and of processor time. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

/** Milliseconds: of processor time, and by the clock, which also counts when another process had the processor. */
export interface LongestTask {
  readonly worked: number;
  readonly clock: number;
}

/** The longest task of a page's main thread while `during` runs, out of the browser's own trace. */
export async function longestTask(
  page: Page,
  during: () => Promise<unknown>,
): Promise<LongestTask> {
  const browser = page.context().browser();
  if (browser === null) {
    throw new Error('The page has no browser.');
  }
  await browser.startTracing(page, { categories: ['toplevel'] });
  await during();
  const trace: { traceEvents: TraceEvent[] } = JSON.parse(
    (await browser.stopTracing()).toString('utf8'),
  );
  const mainThreads = new Set(
    trace.traceEvents
      .filter((event) => event.ph === 'M' && event.args.name === 'CrRendererMain')
      .map(thread),
  );
  const tasks = trace.traceEvents.filter(
    (event) => event.name.endsWith('RunTask') && mainThreads.has(thread(event)),
  );
  if (tasks.length === 0) {
    throw new Error("The trace has no task of the page's main thread.");
  }
  return {
    worked: Math.max(...tasks.map((task) => task.tdur ?? task.dur ?? 0)) / 1000,
    clock: Math.max(...tasks.map((task) => task.dur ?? 0)) / 1000,
  };
}

function thread(event: TraceEvent): string {
  return `${event.pid}/${event.tid}`;
}
