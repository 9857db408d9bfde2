/** A JSON object, of any members. */
export type JsonObject = { readonly [name: string]: unknown };

/**
 * The config in the form that grpc-js reads as gRFC A6 means it: it takes the digits after the point for
 * nanoseconds, so that "0.5s" would be 5 ns; with nine digits it reads right.
 */
export function serviceConfigForGrpcJs(config: JsonObject): JsonObject {
  if (!Array.isArray(config.methodConfig)) {
    return config;
  }
  const methodConfig = config.methodConfig.map((method: unknown) => {
    if (!isObject(method) || typeof method.timeout !== 'string') {
      return method;
    }
    const [whole = '0', fraction] = method.timeout.slice(0, -1).split('.');
    return fraction === undefined
      ? method
      : { ...method, timeout: `${whole}.${fraction.padEnd(9, '0')}s` };
  });
  return { ...config, methodConfig };
}

/** True when some method has a retry or hedging policy. */
export function hasRetryPolicy(config: JsonObject): boolean {
  return (
    Array.isArray(config.methodConfig) &&
    config.methodConfig.some(
      (method: unknown) =>
        isObject(method) &&
        (method.retryPolicy !== undefined || method.hedgingPolicy !== undefined),
    )
  );
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
