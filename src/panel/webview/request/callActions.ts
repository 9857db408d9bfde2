import type { CallPhase, MethodKind } from '../../protocol';

/** What the buttons depend on, out of a snapshot that changes 30 times a second. */
export interface CallState {
  readonly phase: CallPhase;
  /** More messages may go. */
  readonly canSend: boolean;
  /** A call was asked for and the host has not answered yet. */
  readonly starting: boolean;
  /** False while there is no schema to send by. */
  readonly available: boolean;
}

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

export function callButtons(kind: MethodKind, state: CallState): CallButtons {
  const { phase, starting, available } = state;
  const streamsRequests = kind === 'clientStreaming' || kind === 'bidirectional';
  const running = phase === 'connecting' || phase === 'streaming';
  const open = running && streamsRequests && state.canSend;
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
