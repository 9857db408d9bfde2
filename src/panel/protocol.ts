/**
 * Every message between the extension host and the request panel's webview, both ways. Both sides import
 * this file, so neither can send what the other doesn't know. It holds types and tiny pure helpers only:
 * no Node, no DOM.
 */
import type { OptionSpec } from '../grpc/callOptionSpecs';
import type { MethodKind } from '../grpc/methodKind';
import type { BodyProblem, JsonSchema, Problem, WireField } from '../schema/schema';
import type { CallStatus, Entry } from '../transcript/entry';
import type { CallTiming } from '../transcript/timing';
import type { TimelineView } from '../transcript/view';

/** The webview may import nothing but this file from the host's side, so what both need goes through it. */
export { isSecretName } from '../grpc/secretName';
export { formatJson } from '../schema/jsonFormat';
export { type JsonPlace, placeAt } from '../schema/jsonPlace';
export {
  fieldFacts,
  type SchemaField,
  type SchemaNode,
  SchemaReader,
  skeleton,
  typeSummary,
} from '../schema/jsonSchemaReader';
export { nextToken, stringValue, type Token } from '../schema/jsonTokens';
export type {
  BodyProblem,
  CallStatus,
  CallTiming,
  Entry,
  JsonSchema,
  MethodKind,
  OptionSpec,
  Problem,
  TimelineView,
  WireField,
};

export interface MetadataRow {
  readonly key: string;
  readonly value: string;
  readonly enabled: boolean;
}

/** What the user has filled in. It survives reload, but for the values of secret metadata. */
export interface RequestForm {
  readonly body: string;
  readonly metadata: readonly MetadataRow[];
  /** Option name (`deadline`, `keepalive-time`, …) to what was typed; an absent or empty one means the default. */
  readonly options: { readonly [name: string]: string };
}

/**
 * What the webview keeps with `setState`, and the host gets back in `deserializeWebviewPanel`. The host opens
 * the method again and passes `form` back in `PanelInit.form`; `view` is the webview's own business.
 */
export interface PanelState {
  readonly version: 1;
  /** `TargetLabel.id`. */
  readonly target: string;
  /** Full service name. */
  readonly service: string;
  readonly method: string;
  /** Without the values of secret metadata: the editor writes this to disk. */
  readonly form: RequestForm;
  /** `PanelInit.file`. */
  readonly file?: string;
  /** `PanelInit.history`. */
  readonly history?: string;
  /** How the panel was arranged: which tab, which timeline view, where the separators stood. */
  readonly view: { readonly [name: string]: string | number };
}

export interface TargetLabel {
  /** Opaque; names of targets need not be unique. */
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly security: 'plaintext' | 'tls' | 'mtls' | 'tls-unverified';
}

export interface MethodLabel {
  /** Full service name. */
  readonly service: string;
  readonly method: string;
  readonly kind: MethodKind;
  readonly requestType: string;
  readonly responseType: string;
  readonly comment?: string;
  readonly deprecated: boolean;
}

/** Everything the panel needs to draw itself. */
export interface PanelInit {
  readonly target: TargetLabel;
  readonly method: MethodLabel;
  readonly form: RequestForm;
  readonly optionSpecs: readonly OptionSpec[];
  readonly requestSchema: JsonSchema;
  /** Problems of this method's schema; the request can still be sent when encoding works. */
  readonly problems: readonly Problem[];
  /** True when the request type has no fields: one click sends. */
  readonly emptyRequest: boolean;
  /** URI of the request file that the form comes from; opaque. */
  readonly file?: string;
  /** The call of the history that the panel was opened for; opaque. */
  readonly history?: string;
}

export type CallPhase =
  | 'idle'
  /** Started; no response headers yet. */
  | 'connecting'
  /** The stream is open; `canSend` says whether more messages may go. */
  | 'streaming'
  | 'ended';

/** The state of the current (or last) call, sent at most 30 times a second. */
export interface CallSnapshot {
  /** Changes with every call; rows of another call are stale. */
  readonly callId: number;
  readonly phase: CallPhase;
  readonly canSend: boolean;
  /** Milliseconds of the deadline counted from the start; absent when there is none. */
  readonly deadline?: number;
  readonly rows: { readonly messages: number; readonly frames: number };
  readonly sentMessages: number;
  readonly receivedMessages: number;
  readonly receivedBytes: number;
  readonly timing: CallTiming;
  readonly status?: CallStatus;
  /** False when frames can't be seen (another grpc-js than the pinned one). */
  readonly framesAvailable: boolean;
  /** Where the answer of a unary or client streaming call stands in the messages view: selected at once. */
  readonly answerRow?: number;
  /** The call is one of the history: when it was made, as text. Absent for one that was made in this panel. */
  readonly kept?: string;
}

/** One line of the timeline. */
export interface TimelineRow {
  /** Index in its view, from 0. */
  readonly row: number;
  /** Entry number in the transcript. */
  readonly entry: number;
  /** Microseconds since the call began. */
  readonly time: number;
  /** Microseconds since the row before it in this view. */
  readonly delta: number;
  readonly direction?: 'sent' | 'received';
  readonly kind: Entry['kind'];
  /** `HEADERS`, `message 3`, `DATA`, `PING ACK`, … */
  readonly label: string;
  /** Bytes; absent where size means nothing. */
  readonly size?: number;
  readonly streamId?: number;
  /** One line, bounded in length, control characters replaced. */
  readonly content: string;
  readonly tone?: 'ok' | 'warning' | 'error';
}

/** Raw bytes of an entry, a bounded window of them. */
export interface ByteWindow {
  readonly base64: string;
  readonly offset: number;
  readonly total: number;
}

export interface DetailField {
  readonly name: string;
  readonly value: string;
  /** A second, decoded form: a `-bin` value as hex or text, a code's name. */
  readonly note?: string;
}

/** What the detail pane shows of one entry. */
export type EntryDetail =
  | {
      readonly kind: 'message';
      readonly entry: number;
      readonly title: string;
      readonly typeName: string;
      /** Indented ProtoJSON; absent when it could not be decoded, with the reason in `problem`, or is too large. */
      readonly json?: string;
      readonly problem?: string;
      /** True when only the beginning is shown; "open in editor" has the whole. */
      readonly truncated: boolean;
      /** The 5-byte prefix and the message as on the wire; the prefix is `prefixLength` bytes. */
      readonly bytes: ByteWindow;
      readonly prefixLength: number;
      /** Offsets count from the end of the prefix. Absent for a compressed message: they belong to `decompressed`. */
      readonly fields: readonly WireField[];
      readonly decompressed?: ByteWindow;
      readonly encoding?: string;
    }
  | {
      readonly kind: 'fields';
      readonly entry: number;
      readonly title: string;
      readonly fields: readonly DetailField[];
      readonly bytes?: ByteWindow;
    }
  | {
      readonly kind: 'status';
      readonly entry: number;
      readonly status: CallStatus;
      /** `google.rpc` details: each with its type and ProtoJSON, or base64 when it can't be decoded. */
      readonly details: readonly {
        readonly type: string;
        readonly json?: string;
        readonly base64?: string;
        readonly problem?: string;
      }[];
    };

/** What is wrong or risky in the form. Sent after each change, debounced by the webview. */
export interface FormCheck {
  readonly body: readonly BodyProblem[];
  readonly metadata: readonly { readonly row: number; readonly message: string }[];
  readonly options: readonly {
    readonly name: string;
    readonly severity: 'error' | 'warning';
    readonly message: string;
  }[];
}

export interface FindResult {
  /** Row in the view, or -1 when there is none. */
  readonly row: number;
  /** False when the search stopped at its bound; `searchedTo` is where to go on. */
  readonly complete: boolean;
  readonly searchedTo: number;
}

/** Requests that the webview makes and the host answers: name to argument and result. */
export interface PanelRequests {
  check: { argument: { readonly form: RequestForm }; result: FormCheck };
  rows: {
    argument: {
      readonly callId: number;
      readonly view: TimelineView;
      readonly first: number;
      readonly count: number;
    };
    result: { readonly rows: readonly TimelineRow[] };
  };
  detail: {
    argument: { readonly callId: number; readonly entry: number; readonly defaults: boolean };
    result: EntryDetail;
  };
  /** The next row from `from` on whose content or JSON has `text` (case-insensitive). */
  find: {
    argument: {
      readonly callId: number;
      readonly view: TimelineView;
      readonly text: string;
      readonly from: number;
      readonly backwards: boolean;
    };
    result: FindResult;
  };
  template: { argument: Record<string, never>; result: { readonly body: string } };
}

export type PanelRequestName = keyof PanelRequests;

export type ToHost =
  | { readonly type: 'ready' }
  | { readonly type: 'formChanged'; readonly form: RequestForm }
  /** Starts the call; for a method that streams requests it opens the stream and sends `form.body`, unless `openOnly`. */
  | { readonly type: 'send'; readonly form: RequestForm; readonly openOnly?: boolean }
  /** Sends the request of the call of the history once more, as it was. */
  | { readonly type: 'sendAgain' }
  | { readonly type: 'sendMessage'; readonly body: string }
  | { readonly type: 'endStream' }
  | { readonly type: 'cancel' }
  /** Rows that are on the screen; the host pushes them when they change. */
  | {
      readonly type: 'watch';
      readonly view: TimelineView;
      readonly first: number;
      readonly count: number;
      readonly follow: boolean;
    }
  | { readonly type: 'copy'; readonly text: string }
  | { readonly type: 'copyEntry'; readonly callId: number; readonly entry: number }
  | { readonly type: 'openEntry'; readonly callId: number; readonly entry: number }
  | { readonly type: 'saveTranscript'; readonly callId: number; readonly format: 'text' | 'jsonl' }
  | { readonly type: 'copyAsGrpcurl'; readonly form: RequestForm }
  | { readonly type: 'saveAsRequestFile'; readonly form: RequestForm }
  | { readonly type: 'showDefinition'; readonly symbol: string }
  | { readonly type: 'changeTarget' }
  /** The button of the `unavailable` message, whose text was `action`. */
  | { readonly type: 'unavailableAction' }
  | { readonly type: 'openSettings'; readonly setting: string }
  | {
      [N in PanelRequestName]: {
        readonly type: 'request';
        readonly id: number;
        readonly name: N;
        readonly argument: PanelRequests[N]['argument'];
      };
    }[PanelRequestName];

export type ToWebview =
  | { readonly type: 'init'; readonly init: PanelInit; readonly snapshot?: CallSnapshot }
  /** The schema came back or changed after the panel was open. */
  | {
      readonly type: 'unavailable';
      readonly title: string;
      readonly reason: string;
      readonly action?: string;
    }
  | {
      readonly type: 'snapshot';
      readonly snapshot: CallSnapshot;
      /** The watched window as it is now; absent when it did not change. */
      readonly window?: { readonly view: TimelineView; readonly rows: readonly TimelineRow[] };
    }
  /** A message or the start of a call was refused; nothing was sent and nothing is lost. */
  | {
      readonly type: 'refused';
      readonly where: 'body' | 'metadata' | 'options' | 'call';
      readonly message: string;
    }
  | { readonly type: 'focus'; readonly part: 'body' | 'timeline' }
  | { readonly type: 'reply'; readonly id: number; readonly result: unknown }
  | { readonly type: 'replyError'; readonly id: number; readonly message: string };
