import type { CallSnapshot, MethodKind } from '../../protocol';

/** Which of the call's buttons a method has, and which of them can be pressed now. */
export interface CallButtons {
  /** The method streams requests: Send message, End stream and Cancel are three buttons. */
  readonly streamsRequests: boolean;
  readonly running: boolean;
  readonly canSend: boolean;
  readonly canEnd: boolean;
  readonly canCancel: boolean;
  /** Opening the stream without a first message. */
  readonly canOpen: boolean;
}

/**
 * @param starting A call was asked for and the host has not answered yet.
 * @param available False while there is no schema to send by.
 */
export function callButtons(
  kind: MethodKind,
  snapshot: CallSnapshot | undefined,
  starting: boolean,
  available: boolean,
): CallButtons {
  const streamsRequests = kind === 'clientStreaming' || kind === 'bidirectional';
  const running = snapshot?.phase === 'connecting' || snapshot?.phase === 'streaming';
  const open = running && streamsRequests && snapshot.canSend;
  const canStart = available && !running && !starting;
  return {
    streamsRequests,
    running,
    canSend: canStart || (available && open && !starting),
    canEnd: open,
    canCancel: running,
    canOpen: streamsRequests && canStart,
  };
}

export const kindNames: { readonly [kind in MethodKind]: string } = {
  unary: 'Unary',
  clientStreaming: 'Client streaming',
  serverStreaming: 'Server streaming',
  bidirectional: 'Bidirectional streaming',
};
