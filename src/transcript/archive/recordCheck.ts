import type { RecordBody } from '../entry';
import type { CallTiming } from '../timing';

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string';
const number: Check = (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const flag: Check = (value) => typeof value === 'boolean';
const code: Check = (value) => Number.isSafeInteger(value);

function optional(check: Check): Check {
  return (value) => value === undefined || check(value);
}

function oneOf(...values: readonly string[]): Check {
  return (value) => values.some((one) => one === value);
}

function list(check: Check): Check {
  return (value) => Array.isArray(value) && value.every(check);
}

/** Members that only a later version knows are let through: nobody reads them. */
function shape(members: Readonly<Record<string, Check>>): Check {
  const checks = Object.entries(members);
  return (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    checks.every(([name, check]) => check((value as Record<string, unknown>)[name]));
}

const error = optional(shape({ code: text, message: text }));
const headerField: Check = (value) =>
  Array.isArray(value) && value.length === 2 && value.every(text);

const fields = shape({
  kind: text,
  direction: oneOf('sent', 'received'),
  streamId: number,
  fields: list(headerField),
  trailersOnly: optional(flag),
});

const bodies: Readonly<Record<RecordBody['kind'], Check>> = {
  resolution: shape({ kind: text, target: text, addresses: list(text), duration: number, error }),
  connect: shape({
    kind: text,
    address: text,
    localAddress: optional(text),
    reused: optional(shape({ age: number })),
    duration: number,
    error,
  }),
  tls: shape({
    kind: text,
    protocol: optional(text),
    cipher: optional(text),
    alpn: optional(text),
    serverName: optional(text),
    verified: flag,
    certificate: optional(
      shape({
        subject: text,
        issuer: text,
        subjectAltName: optional(text),
        validFrom: text,
        validTo: text,
        fingerprint256: text,
      }),
    ),
    duration: number,
    error,
  }),
  headers: fields,
  trailers: fields,
  status: shape({
    kind: text,
    status: shape({
      code,
      name: text,
      message: text,
      origin: oneOf('application', 'intermediary', 'transport', 'client'),
      certainty: oneOf('observed', 'inferred'),
      cause: text,
      explanation: text,
      evidence: list(text),
      nextActions: list(text),
      detailsBin: optional(text),
    }),
  }),
  note: shape({ kind: text, severity: oneOf('info', 'warning'), text }),
};

/** Whether a value read from a file is what a transcript records. */
export function isRecordBody(value: unknown): value is RecordBody {
  const kind = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : '';
  return (
    typeof kind === 'string' &&
    Object.hasOwn(bodies, kind) &&
    bodies[kind as RecordBody['kind']](value)
  );
}

const timing = shape({
  resolved: optional(number),
  connected: optional(number),
  tlsDone: optional(number),
  headersSent: optional(number),
  firstByte: optional(number),
  lastMessage: optional(number),
  ended: optional(number),
  reusedConnection: optional(flag),
} satisfies Record<keyof CallTiming, Check>);

const head = shape({ startedAt: code, timing });

/** What stands in front of the entries of an archive. */
export interface ArchiveHead {
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly timing: CallTiming;
}

export function isArchiveHead(value: unknown): value is ArchiveHead {
  return head(value);
}
