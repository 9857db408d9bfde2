import type { RequestForm } from '../../panel/protocol';
import type { PanelKey, StartedCall } from '../requestPanel/panelKey';

/** A call that a test made, and the request that it was. */
export interface TestCall {
  readonly key: PanelKey;
  readonly form: RequestForm;
  readonly started: StartedCall;
}

interface Kept extends TestCall {
  /** Says that nobody here reads the transcript any more. */
  readonly release: () => void;
  isShown: boolean;
}

/** Calls of failed tests that can be looked at. */
const limit = 20;

/** The calls of the tests that failed last; their transcripts are kept until others take their place. */
export class TestCalls {
  /** By the id of the test, the oldest first. */
  readonly #calls = new Map<string, Kept>();

  /** Keeps a call, and owns its transcript. */
  keep(testId: string, { key, form, started }: TestCall): void {
    this.forget(testId);
    let release: () => void = () => undefined;
    const held = new Promise<unknown>((resolve) => {
      release = () => resolve(started.held);
    });
    this.#calls.set(testId, {
      key,
      form,
      started: { ...started, held },
      release,
      isShown: false,
    });
    const [oldest] = this.#calls.keys();
    if (this.#calls.size > limit && oldest !== undefined) {
      this.forget(oldest);
    }
  }

  /** The call of a test, for a panel to show. */
  show(testId: string): TestCall | undefined {
    const kept = this.#calls.get(testId);
    if (kept) {
      kept.isShown = true;
    }
    return kept;
  }

  forget(testId: string): void {
    const kept = this.#calls.get(testId);
    if (kept) {
      this.#calls.delete(testId);
      kept.release();
      // A panel that shows it disposes of it.
      if (!kept.isShown) {
        void kept.started.held?.then(() => kept.started.call.transcript.dispose());
      }
    }
  }

  dispose(): void {
    for (const id of [...this.#calls.keys()]) {
      this.forget(id);
    }
  }
}
