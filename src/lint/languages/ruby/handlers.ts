import type { HandlerKind } from '../../program/semantics';
import type { ClassNode, FunctionNode } from '../../program/syntax';

/** Classes of which there is one object a request or message. */
const perRequest =
  /(?:Controller|Job|Worker)$|^(?:::)?(?:ActionController::(?:Base|API|Metal)|ActiveJob::Base|Sidekiq::(?:Worker|Job))$/;
/** Classes of graphql-ruby that answer a query. */
const resolvers =
  /(?:BaseMutation|BaseResolver|Schema::(?:Mutation|Resolver|RelayClassicMutation))$/;

/** Whether the method answers requests. Nothing that a caller set goes on to the calls it makes. */
export function handlerKind(
  fn: FunctionNode,
  owner: ClassNode | undefined,
): HandlerKind | undefined {
  if (owner === undefined || fn.annotations.includes('static')) {
    return owner === undefined && isLambda(fn) ? 'http' : undefined;
  }
  if (fn.isConstructor === true) {
    return undefined;
  }
  if (owner.supers.some((parent) => /::Service$/.test(parent))) {
    return 'rpc';
  }
  const isHttp =
    owner.supers.some((parent) => perRequest.test(parent)) ||
    (fn.name === 'resolve' && owner.supers.some((parent) => resolvers.test(parent))) ||
    isRack(fn);
  return isHttp ? 'http' : undefined;
}

/** Rack: `def call(env)`. */
function isRack({ name, parameters }: FunctionNode): boolean {
  const [env, ...more] = parameters;
  return name === 'call' && env?.name === 'env' && more.length === 0;
}

/** AWS Lambda: `def handler(event:, context:)`. */
function isLambda({ name, parameters }: FunctionNode): boolean {
  return /handler$/.test(name) && parameters.map((each) => each.name).join() === 'event,context';
}
