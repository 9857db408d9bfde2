/**
 * What can stand in a file that has to do with gRPC, in any of the linter's languages: libraries, generated
 * code and its types. Wider than the languages' own markers and quick, because it decides only whether the
 * language server is worth starting.
 */
const grpcMarker =
  /grpc|tonic|connect-?rpc|connect-es|@bufbuild|protobuf|pb2?\b|\w(?:Service|Async|Blocking|Coroutine)(?:Client|Stub)\b|\b(\w{3,64})\.\1(?:Client|Stub)\b|_client::\w/i;

/** Keys that nothing but a service config has. */
const serviceConfigMarker =
  /"(?:methodConfig|method_config|loadBalancingConfig|loadBalancingPolicy|retryThrottling|healthCheckConfig)"/;

/** Text that is looked at, in UTF-16 units: imports stand at the beginning, and a larger file isn't linted. */
const longest = 1_000_000;

/** Whether a source file may have something to do with gRPC. */
export function mentionsGrpc(text: string): boolean {
  return grpcMarker.test(text.length > longest ? text.slice(0, longest) : text);
}

/** Whether a JSON file may be a service config. */
export function mentionsServiceConfig(text: string): boolean {
  return serviceConfigMarker.test(text.length > longest ? text.slice(0, longest) : text);
}

/** Whether a `frameline.json` names clients of its own: `"stubs": ["*.ListingApi"]`. */
export function namesClients(config: string): boolean {
  return /"stubs"\s*:\s*\[[^\]]*"/.test(config);
}
