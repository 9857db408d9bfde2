import { setTimeout } from 'node:timers/promises';
import type { Call } from '../../src/grpc/call';
import type { Channel } from '../../src/grpc/channel';
import type { Schema } from '../../src/schema/schema';
import type { CallStatus } from '../../src/transcript/entry';
import type { CallPlan } from './callKinds';
import { receiveLimit } from './callKinds';

/** Milliseconds over its deadline after which a call hangs, on the busiest machine. */
export const hangGuard = 20_000;

export interface EndedCall {
  readonly plan: CallPlan;
  readonly call: Call;
  /** Absent when it hangs. */
  readonly status: CallStatus | undefined;
  readonly deadlinePassed: boolean;
  readonly cancelled: boolean;
  /** Entries when `done` settled: no more may follow. */
  readonly entries: number;
  /** Of the messages that were handed over. */
  readonly sent: number;
}

/** Runs one call to its end. */
export async function runCall(
  channel: Channel,
  schema: Schema,
  plan: CallPlan,
  request: { readonly deadline: number; readonly waitForReady: boolean },
): Promise<EndedCall> {
  const began = performance.now();
  const { requestType = '' } = schema.findMethod(plan.path) ?? {};
  const messages = plan.requests.map((body) => schema.encode(requestType, JSON.stringify(body)));
  const call = channel.startCall({
    path: plan.path,
    deadline: request.deadline,
    waitForReady: request.waitForReady,
    maxReceiveSize: receiveLimit,
  });
  const driver = new Driver(call, plan);
  const sending = driver.send(messages);
  const status = await ended(call, request.deadline);
  const entries = call.transcript.length;
  if (status) {
    await sending;
  }
  return {
    plan,
    call,
    status,
    // A server counts the same time down from `grpc-timeout`, and its clock may run ahead a little.
    deadlinePassed: performance.now() - began >= request.deadline - 10,
    cancelled: driver.cancelled,
    entries,
    sent: driver.sent,
  };
}

async function ended(call: Call, deadline: number): Promise<CallStatus | undefined> {
  const guard = new AbortController();
  const hung = setTimeout(deadline + hangGuard, undefined, { signal: guard.signal }).catch(
    () => undefined,
  );
  const status = await Promise.race([call.done, hung]);
  guard.abort();
  return status;
}

/** Sends, rests and cancels as the plan says. */
class Driver {
  cancelled = false;
  sent = 0;
  #rested = false;

  constructor(
    readonly call: Call,
    readonly plan: CallPlan,
  ) {
    const stop = call.transcript.onAppend(() => this.#react());
    void call.done.then(stop);
    this.#react();
  }

  async send(messages: readonly Uint8Array[]): Promise<void> {
    const { call, plan } = this;
    for (const message of messages) {
      if (!call.canSend) {
        return;
      }
      this.sent++;
      if (!call.send(message)) {
        await call.drained();
      }
      if (plan.inTurn) {
        await this.#received(this.sent);
      }
    }
    call.halfClose();
  }

  #react(): void {
    const { cancelAfter, restAfter } = this.plan;
    const count = this.call.transcript.messageCount('received');
    if (cancelAfter !== undefined && count >= cancelAfter && !this.cancelled) {
      this.cancelled = true;
      // Not in the middle of what tells of the message.
      queueMicrotask(() => this.call.cancel());
    }
    if (restAfter !== undefined && count >= restAfter && !this.#rested) {
      this.#rested = true;
      this.call.pause();
      void setTimeout(30).then(() => this.call.resume());
    }
  }

  #received(count: number): Promise<unknown> {
    const { transcript, done } = this.call;
    let stop = (): void => {};
    const enough = new Promise<void>((resolve) => {
      const look = () => {
        if (transcript.messageCount('received') >= count) {
          resolve();
        }
      };
      stop = transcript.onAppend(look);
      look();
    });
    return Promise.race([enough, done]).finally(stop);
  }
}
