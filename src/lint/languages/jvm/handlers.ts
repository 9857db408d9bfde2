import type { FileFacts, HandlerKind } from '../../program/semantics';
import type { ClassNode, FunctionNode } from '../../program/syntax';
import { serviceOf } from './surroundings';

/** Spring MVC and WebFlux, Spring GraphQL, JAX-RS, Micronaut. */
const httpAnnotation =
  /^(?:[\w.]+\.)?(?:(?:Get|Post|Put|Delete|Patch|Request|Query|Mutation|Message)Mapping|GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS|Get|Post|Put|Delete|Patch)\b/;

/** Methods of jakarta.servlet.http.HttpServlet. */
const servletMethod = /^(?:do(?:Get|Post|Put|Delete|Patch|Head|Options)|service)$/;

/** Whether the function answers requests. */
export function handlerKind(
  fn: FunctionNode,
  owner: ClassNode | undefined,
  file: FileFacts,
): HandlerKind | undefined {
  if (owner === undefined || fn.isConstructor === true || fn.name === '') {
    return undefined;
  }
  const service = serviceOf(owner, file);
  if (service !== undefined) {
    return isRpc(fn, service, file) ? 'rpc' : undefined;
  }
  const isHttp =
    fn.annotations.some((annotation) => httpAnnotation.test(annotation)) ||
    (servletMethod.test(fn.name) &&
      fn.parameters.some(({ type }) => /(?:^|\.)HttpServletRequest$/.test(type ?? '')));
  return isHttp ? 'http' : undefined;
}

function isRpc(
  { name, annotations }: FunctionNode,
  service: string,
  { index }: FileFacts,
): boolean {
  return index.hasService(service)
    ? index.rpcs(name, service).length > 0
    : annotations.some((annotation) => /^(?:Override|override)\b/.test(annotation));
}

/** Functions of Ktor's routing whose block answers requests. */
export function isRoute(path: string | undefined): boolean {
  return /^io\.ktor\.server\.routing\.(?:get|post|put|delete|patch|head|options|handle)$/.test(
    path ?? '',
  );
}
