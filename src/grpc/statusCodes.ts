/** Names of the gRPC status codes by number (grpc/grpc doc/statuscodes.md). */
export const statusNames = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const;

export type StatusName = (typeof statusNames)[number];

export const StatusCode = {
  Ok: 0,
  Cancelled: 1,
  Unknown: 2,
  InvalidArgument: 3,
  DeadlineExceeded: 4,
  NotFound: 5,
  AlreadyExists: 6,
  PermissionDenied: 7,
  ResourceExhausted: 8,
  FailedPrecondition: 9,
  Aborted: 10,
  OutOfRange: 11,
  Unimplemented: 12,
  Internal: 13,
  Unavailable: 14,
  DataLoss: 15,
  Unauthenticated: 16,
} as const;

/** `DEADLINE_EXCEEDED`; a number that gRPC does not define reads `CODE_99`. */
export function statusName(code: number): string {
  return statusNames[code] ?? `CODE_${code}`;
}

/** Codes that no gRPC library produces itself: they come from the application (doc/statuscodes.md). */
const applicationOnly: ReadonlySet<number> = new Set([
  StatusCode.InvalidArgument,
  StatusCode.NotFound,
  StatusCode.AlreadyExists,
  StatusCode.FailedPrecondition,
  StatusCode.Aborted,
  StatusCode.OutOfRange,
  StatusCode.DataLoss,
]);

export function isApplicationOnly(code: number): boolean {
  return applicationOnly.has(code);
}

/** What a client makes of an HTTP status without `grpc-status` (doc/http-grpc-status-mapping.md). */
export function statusOfHttp(httpStatus: number): number {
  switch (httpStatus) {
    case 400:
      return StatusCode.Internal;
    case 401:
      return StatusCode.Unauthenticated;
    case 403:
      return StatusCode.PermissionDenied;
    case 404:
      return StatusCode.Unimplemented;
    case 429:
    case 502:
    case 503:
    case 504:
      return StatusCode.Unavailable;
    default:
      return StatusCode.Unknown;
  }
}
