import { nearest } from '../../grpc/nearest';
import type { Schema, ServiceInfo } from '../../schema/schema';
import type { Environment } from '../environment';
import { exitCodes, Failure } from '../failure';
import { printable } from '../printable';
import { readServer } from './readServer';
import { parseServerArguments, serverHelp } from './serverArguments';

const usage = `Usage: frameline list [options] TARGET [SERVICE]

Lists the services of a server, or the methods of one of them as "frameline call" takes them.
${serverHelp}`;

/** `frameline list`: gives the exit code. */
export async function listCommand(args: readonly string[], env: Environment): Promise<number> {
  const given = parseServerArguments(args, 'frameline list');
  if (given === undefined) {
    env.out.write(usage);
    return exitCodes.clean;
  }
  const namesOnly = given.name === undefined && !given.json;
  const { schema, holder } = await readServer(given, env, namesOnly ? 'names' : 'everything');
  const services =
    given.name === undefined ? schema.services : [serviceOf(schema, given.name, holder)];
  if (given.json) {
    env.out.write(`${JSON.stringify(services.map(asJson), undefined, 2)}\n`);
    return exitCodes.clean;
  }
  const lines =
    given.name === undefined
      ? services.map(({ name }) => name)
      : services.flatMap(({ methods }) => methods.map(({ path }) => path.slice(1)));
  env.out.write(lines.map((line) => `${printable(line)}\n`).join(''));
  return exitCodes.clean;
}

function serviceOf({ services }: Schema, name: string, holder: string): ServiceInfo {
  const found = services.find((service) => service.name === name);
  if (found === undefined) {
    const names = services.map((service) => service.name);
    const meant = nearest(name, names);
    throw new Failure(`${holder} no service ${name}.`, {
      ...(meant === undefined ? { details: names } : { next: `Did you mean ${meant}?` }),
    });
  }
  const [problem] = found.problems;
  if (found.methods.length === 0 && problem !== undefined) {
    throw new Failure(problem.message);
  }
  return found;
}

function asJson({ name, file, comment, methods }: ServiceInfo): object {
  return {
    name,
    file,
    comment,
    methods: methods.map(
      ({ path, kind, requestType, responseType, deprecated, comment: said }) => ({
        name: path.slice(1),
        kind,
        requestType,
        responseType,
        ...(deprecated ? { deprecated } : {}),
        comment: said,
      }),
    ),
  };
}
