import { nearest } from '../../grpc/nearest';
import { definitionBlock } from '../../schema/definitionBlock';
import type { Schema } from '../../schema/schema';
import type { Environment } from '../environment';
import { exitCodes, Failure } from '../failure';
import { printable } from '../printable';
import { type ReadServer, readServer } from './readServer';
import { parseServerArguments, serverHelp } from './serverArguments';

const usage = `Usage: frameline describe [options] TARGET [SYMBOL]

Shows how a service, method, message or enum is defined, as .proto text; without SYMBOL, all services. With --json also
what a program needs to make a request of it: its types, a message to start from, and the JSON Schema of a message.
${serverHelp}`;

type Kind = 'service' | 'method' | 'message' | 'enum';

interface Described {
  readonly symbol: string;
  readonly kind: Kind;
  readonly file: string;
  readonly definition: string;
}

/** `frameline describe`: gives the exit code. */
export async function describeCommand(args: readonly string[], env: Environment): Promise<number> {
  const given = parseServerArguments(args, 'frameline describe');
  if (given === undefined) {
    env.out.write(usage);
    return exitCodes.clean;
  }
  const server = await readServer(given, env);
  const { schema } = server;
  const all =
    given.name === undefined
      ? servicesOf(server)
      : [describe(server, given.name.replace(/^[./]/, '').replaceAll('/', '.'))];
  if (given.json) {
    const json = all.map((described) => ({ ...described, ...details(schema, described) }));
    const shown = given.name === undefined ? json : json[0];
    env.out.write(`${JSON.stringify(shown, undefined, 2)}\n`);
  } else {
    env.out.write(all.map(blockOf).join('\n'));
  }
  return exitCodes.clean;
}

/** Those whose definition is known. */
function servicesOf(server: ReadServer): Described[] {
  const { schema } = server;
  return schema.services
    .filter(({ name }) => schema.definition(name) !== undefined)
    .map(({ name }) => describe(server, name));
}

/** With a line end. */
function blockOf({ symbol, kind, file, definition }: Described): string {
  const head = `// ${printable(symbol)}: ${kind} of ${printable(file)}`;
  // The definition's own comment begins anew.
  const gap = /^\s*\/[/*]/.test(definition) ? [''] : [];
  return `${[head, ...gap, ...lines(definition).map(printable)].join('\n')}\n`;
}

function lines(text: string): string[] {
  return text.replaceAll('\t', '  ').split('\n');
}

function describe({ schema, holder }: ReadServer, symbol: string): Described {
  const found = schema.definition(symbol);
  const kind = found && kindOf(schema, symbol, found);
  if (found === undefined || kind === undefined) {
    const service = schema.services.find((one) => `${symbol}.`.startsWith(`${one.name}.`));
    const [problem] = service?.problems ?? [];
    if (service?.methods.length === 0 && problem !== undefined) {
      throw new Failure(problem.message);
    }
    const names = schema.services.flatMap(({ name, methods }) => [
      name,
      ...methods.map((method) => `${name}.${method.name}`),
    ]);
    const meant = nearest(symbol, names);
    throw new Failure(`${holder} no ${symbol}.`, {
      next:
        meant === undefined
          ? 'Write the full name: package.Service, package.Service/Method or package.Message.'
          : `Did you mean ${meant}?`,
    });
  }
  return { symbol, kind, file: found.file, definition: definitionBlock(found.text, found.line) };
}

function kindOf(
  schema: Schema,
  symbol: string,
  { text, line }: { readonly text: string; readonly line: number },
): Kind | undefined {
  if (schema.services.some(({ name }) => name === symbol)) {
    return 'service';
  }
  if (schema.findMethod(pathOf(symbol)) !== undefined) {
    return 'method';
  }
  if (schema.hasType(symbol)) {
    return 'message';
  }
  const name = symbol.slice(symbol.lastIndexOf('.') + 1);
  const first = lines(text)[line] ?? '';
  return first.trim().startsWith(`enum ${name} `) ? 'enum' : undefined;
}

function pathOf(symbol: string): string {
  const dot = symbol.lastIndexOf('.');
  return `/${symbol.slice(0, dot)}/${symbol.slice(dot + 1)}`;
}

function details(schema: Schema, { symbol, kind }: Described): object {
  switch (kind) {
    case 'service': {
      const service = schema.services.find(({ name }) => name === symbol);
      return { methods: service?.methods.map(({ path }) => path.slice(1)) };
    }
    case 'method': {
      const method = schema.findMethod(pathOf(symbol));
      return {
        rpc: method?.kind,
        requestType: method?.requestType,
        responseType: method?.responseType,
        template: JSON.parse(schema.template(method?.requestType ?? '')),
      };
    }
    case 'message':
      return {
        template: JSON.parse(schema.template(symbol)),
        jsonSchema: schema.jsonSchema(symbol),
      };
    case 'enum':
      return {};
  }
}
