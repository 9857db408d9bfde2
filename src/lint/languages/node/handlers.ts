import type { ClosureBindings, FileFacts, HandlerKind, Site } from '../../program/semantics';
import type { FunctionNode, Parameter } from '../../program/syntax';
import { importsFrom } from './modules';

const rpcTypes =
  /\bServer(Unary|Readable|Writable|Duplex)(Call|Stream)\b|\b(CallContext|HandlerContext)\b|\bhandle(UnaryCall|ServerStreamingCall|ClientStreamingCall|BidiStreamingCall)\b/;
const httpTypes =
  /\b(Next(Api)?Request|FastifyRequest|IncomingMessage|RequestHandler|NextApiHandler|APIGatewayProxy\w*|RouteHandler\w*)\b|^(express\.)?Request\b/;

const rpcDecorators = /^Grpc(Method|StreamMethod|StreamCall)\b/;
const httpDecorators =
  /^(Get|Post|Put|Patch|Delete|All|Head|Options|Query|Mutation|ResolveField|Subscription|MessagePattern|EventPattern)\(/;

/** Functions of Next.js's route handlers, by name. */
const httpMethods = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']);

/** Names that say what a parameter is, by position. */
const signatures: readonly { readonly kind: HandlerKind; readonly names: readonly RegExp[] }[] = [
  { kind: 'http', names: [/^_?req(uest)?$/, /^_?(res(ponse)?|reply)$/] },
  { kind: 'http', names: [/^(ctx|context)$/, /^next$/] },
  { kind: 'http', names: [/^_?event$/, /^_?(context|ctx)$/] },
  { kind: 'rpc', names: [/^_?call$/, /^(cb|callback|done|respond)$/] },
  { kind: 'rpc', names: [/^_?(req(uest)?|call)$/, /^_?(context|ctx)$/] },
];

/** Whether a function answers requests, by its decorators, the types and the names of its parameters. */
export function handlerKind(fn: FunctionNode, _file: FileFacts): HandlerKind | undefined {
  const { annotations, name, parameters } = fn;
  const types = [...annotations, ...parameters.flatMap(({ type }) => type ?? [])];
  if (types.some((type) => rpcTypes.test(type) || rpcDecorators.test(type))) {
    return 'rpc';
  }
  if (
    types.some((type) => httpTypes.test(type) || httpDecorators.test(type)) ||
    (httpMethods.has(name) && parameters.length <= 2)
  ) {
    return 'http';
  }
  return bySignature(parameters);
}

function bySignature(parameters: readonly Parameter[]): HandlerKind | undefined {
  const [only] = parameters;
  if (parameters.length === 1) {
    return only?.name === 'call' ? 'rpc' : undefined;
  }
  return signatures.find(
    ({ names }) =>
      parameters.length >= names.length &&
      names.every((pattern, at) => pattern.test(parameters[at]?.name ?? '')),
  )?.kind;
}

const routes = new Set([
  'get',
  'post',
  'put',
  'patch',
  'delete',
  'del',
  'head',
  'options',
  'all',
  'use',
  'route',
]);

type CallParts = Pick<Site, 'call' | 'receiver' | 'method'>;

/** Whether this call makes the closure among its arguments a handler, whatever its parameters are called. */
export function registeredHandler(
  site: CallParts,
  closure: FunctionNode,
  file: FileFacts,
): ClosureBindings | undefined {
  if (implementsService(site, file)) {
    return { handler: 'rpc' };
  }
  return isRoute(site, closure) ? { handler: 'http' } : undefined;
}

/** `app.get('/listings/:id', async (c) => …)` */
function isRoute({ call, receiver, method }: CallParts, closure: FunctionNode): boolean {
  const [path] = call.arguments;
  return (
    receiver !== undefined &&
    routes.has(method) &&
    path?.value.kind === 'literal' &&
    typeof path.value.value === 'string' &&
    /^[/*]/.test(path.value.value) &&
    call.arguments.some(({ value }) => value.kind === 'closure' && value.definition === closure)
  );
}

/** What takes the implementation of a service as its second argument, by the library. */
const registrations: readonly { readonly method: RegExp; readonly library: RegExp }[] = [
  // connect-es: `ConnectRouter`
  { method: /^(?:service|rpc)$/, library: /^@(?:connectrpc|bufbuild)\/connect/ },
  // nice-grpc: `Server.add`
  { method: /^add$/, library: /^nice-grpc(?:\.|$)/ },
  // grpc-js: `Server.addService`
  { method: /^addService$/, library: /^(?:@grpc\/grpc-js|grpc)(?:\.|$)/ },
];

/** `router.service(ListingService, { async getListing(request) { … } })` */
function implementsService({ call, receiver, method }: CallParts, file: FileFacts): boolean {
  return (
    receiver !== undefined &&
    call.arguments.length > 1 &&
    registrations.some((each) => each.method.test(method) && importsFrom(file, each.library))
  );
}
