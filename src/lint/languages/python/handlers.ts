import type { FileFacts, HandlerKind } from '../../program/semantics';
import type { ClassNode, FunctionNode } from '../../program/syntax';

/** `@app.route("/x")`, `@router.get("/x")`, `@routes.post("/x")`, `@app.websocket("/ws")`. */
const route =
  /(?:^|\.)(?:route|get|post|put|patch|delete|head|options|websocket|websocket_route|api_route|view)\s*\(\s*(?:r?["']\/|r?["']["']|path\s*=)/;
/** Views of Django and Pyramid, tasks of Celery, Dramatiq and RQ: each runs for one request or message. */
const decorated =
  /^(?:[\w.]+\.)?(?:api_view|require_(?:GET|POST|safe|http_methods)|csrf_exempt|login_required|view_config|shared_task|task|actor|job)\b/;
/** Classes whose methods answer requests. */
const viewClass = /(?:View|ViewSet|Resource|HTTPEndpoint|RequestHandler|Consumer)$/;
const viewMethods =
  /^(?:get|post|put|patch|delete|head|options|dispatch|list|retrieve|create|update|destroy|partial_update)$/;
const requestType = /(?:^|\.)(?:HttpRequest|Request)\b/;

/** Whether the function answers requests. Nothing that a caller set goes on to the calls it makes. */
export function handlerKind(
  fn: FunctionNode,
  owner: ClassNode | undefined,
  file: FileFacts,
): HandlerKind | undefined {
  if (owner !== undefined && isServiceMethod(fn, owner, file)) {
    return 'rpc';
  }
  const isHttp =
    fn.annotations.some((annotation) => route.test(annotation) || decorated.test(annotation)) ||
    (owner !== undefined &&
      viewMethods.test(fn.name) &&
      owner.supers.some((parent) => viewClass.test(parent))) ||
    hasRequest(fn, file) ||
    isLambda(fn);
  return isHttp ? 'http' : undefined;
}

function isServiceMethod(fn: FunctionNode, owner: ClassNode, { index }: FileFacts): boolean {
  if (fn.isConstructor === true || fn.name.startsWith('_')) {
    return false;
  }
  if (owner.supers.some((parent) => /Servicer$/.test(parent))) {
    return (
      index.rpcs(fn.name).length > 0 ||
      fn.parameters.some(({ name }) => /^(?:context|ctx)$/.test(name))
    );
  }
  // grpclib and betterproto: `class ListingService(ListingServiceBase)`.
  return owner.supers.some((parent) => /\wBase$/.test(parent)) && index.rpcs(fn.name).length > 0;
}

/** `async def handler(request: web.Request)`, `def view(request, …)` of Django. */
function hasRequest({ parameters }: FunctionNode, { program }: FileFacts): boolean {
  const [first] = parameters;
  if (first === undefined) {
    return false;
  }
  return first.type === undefined
    ? first.name === 'request' && program.imports.some(({ path }) => /^django\b/.test(path))
    : first.name === 'request' && requestType.test(first.type);
}

/** AWS Lambda: `def handler(event, context)`. */
function isLambda({ name, parameters }: FunctionNode): boolean {
  const names = parameters.map((parameter) => parameter.name);
  return /handler$/.test(name) && names.join() === 'event,context';
}
