import type { SiteArgument } from './semantics';
import type { FunctionNode } from './syntax';
import { alternatives, join, unknown, type Value } from './value';

/** A call of a function of the same file. */
export interface OwnCall {
  readonly definition: FunctionNode;
  readonly arguments: readonly SiteArgument[];
}

/** What all the calls give to each parameter: `unknown` where one of them gives something that isn't known. */
export function givenArguments(fn: FunctionNode, calls: readonly OwnCall[]): readonly Value[] {
  const own = calls.filter(({ definition }) => definition === fn);
  return fn.parameters.map(({ name, type, value, isRest }, at) => {
    if (own.length === 0 || type !== undefined || value !== undefined || isRest === true) {
      return unknown;
    }
    const given = own.map((call) => argumentFor(call, name, at)).reduce(join);
    return alternatives(given).every((each) => each.kind === 'instance') ? given : unknown;
  });
}

function argumentFor({ arguments: args }: OwnCall, name: string, at: number): Value {
  if (args.some(({ spread }) => spread !== undefined)) {
    return unknown;
  }
  const positional = args[at];
  const found =
    args.find((argument) => argument.name === name) ??
    (positional?.name === undefined ? positional : undefined);
  return found?.value ?? unknown;
}
