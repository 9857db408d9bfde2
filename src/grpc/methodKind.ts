export type MethodKind = 'unary' | 'clientStreaming' | 'serverStreaming' | 'bidirectional';

export function methodKind(requestStream: boolean, responseStream: boolean): MethodKind {
  if (requestStream) {
    return responseStream ? 'bidirectional' : 'clientStreaming';
  }
  return responseStream ? 'serverStreaming' : 'unary';
}
