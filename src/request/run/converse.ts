import { setTimeout } from 'node:timers/promises';
import type { Call } from '../../grpc/call';
import type { Wait } from '../file/syntax';

/** A message to send, and what happens before. */
export interface OutgoingMessage {
  readonly bytes: Uint8Array;
  readonly wait?: Wait;
}

type Conversation = Pick<
  Call,
  'send' | 'drained' | 'halfClose' | 'canSend' | 'done' | 'transcript'
>;

/**
 * Sends the messages of a request in their order, each after what it waits for, and then closes the request stream.
 * When the call ends first, the rest is not sent.
 * @param more sent after them, as it comes
 */
export async function converse(
  call: Conversation,
  messages: readonly OutgoingMessage[],
  more?: AsyncIterable<Uint8Array>,
): Promise<void> {
  for (const { bytes, wait } of messages) {
    if (wait !== undefined) {
      await waitFor(call, wait);
    }
    if (!call.canSend) {
      return;
    }
    await send(call, bytes);
  }
  for await (const bytes of more ?? []) {
    if (!call.canSend) {
      return;
    }
    await send(call, bytes);
  }
  call.halfClose();
}

async function send(call: Conversation, bytes: Uint8Array): Promise<void> {
  if (!call.send(bytes)) {
    await call.drained();
  }
}

async function waitFor(call: Conversation, wait: Wait): Promise<void> {
  if (wait.kind === 'time') {
    const cancelled = new AbortController();
    const pause = setTimeout(wait.milliseconds, undefined, { signal: cancelled.signal });
    await Promise.race([pause.catch(() => undefined), call.done]);
    cancelled.abort();
    return;
  }
  const enough = call.transcript.messageCount('received') + wait.count;
  await answered(call, enough);
}

function answered({ transcript, done }: Conversation, count: number): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (transcript.messageCount('received') >= count) {
        finish();
      }
    };
    const stop = transcript.onAppend(look);
    const finish = (): void => {
      stop();
      resolve();
    };
    void done.then(finish);
    look();
  });
}
