import type { FileFacts, HandlerKind } from '../../program/semantics';
import type { ClassNode, FunctionNode } from '../../program/syntax';

/** Parameters that only handlers of a web framework have. */
const httpParameters = new Set([
  '*net/http.Request',
  '*github.com/gin-gonic/gin.Context',
  '*github.com/gofiber/fiber/v2.Ctx',
  'github.com/gofiber/fiber/v3.Ctx',
  'github.com/labstack/echo/v4.Context',
]);

/** Types of the stream that a streaming method of a server gets. */
const streams = /^\w+\.(?:\w+_\w+Server|(?:Server|Client|Bidi)StreamingServer(?:\[[\s\S]*\])?)$/;

/** Whether a function answers requests, by its signature. */
export function handlerKind(
  fn: FunctionNode,
  owner: ClassNode | undefined,
  file: FileFacts,
): HandlerKind | undefined {
  const types = fn.parameters.map(({ type }) => type ?? '');
  if (types.length === 0 || types.length > 3) {
    return undefined;
  }
  if (types.some((type) => isHttp(type, file))) {
    return 'http';
  }
  if (fn.owner === undefined || !/^[A-Z]/.test(fn.name)) {
    return undefined;
  }
  if (types.some((type) => streams.test(type)) && fn.returnType === 'error') {
    return 'rpc';
  }
  const isUnary =
    types.length === 2 &&
    types[0] === 'context.Context' &&
    /^\*\w+\.\w/.test(types[1] ?? '') &&
    /^\(\s*(?:\w+\s+)?\*[\w.]+,\s*(?:\w+\s+)?error\s*\)$/.test(fn.returnType ?? '');
  const isServer = owner?.supers.some((name) =>
    /Unimplemented\w+Server$|Unsafe\w+Server$/.test(name),
  );
  return isUnary && (isServer === true || file.index.rpcs(fn.name).length > 0) ? 'rpc' : undefined;
}

function isHttp(type: string, file: FileFacts): boolean {
  const isPointer = type.startsWith('*');
  const path = file.qualified(isPointer ? type.slice(1) : type);
  return httpParameters.has(isPointer ? `*${path}` : path);
}
