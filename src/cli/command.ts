import { type CommandName, isCommandName } from './commandNames';
import { type Environment, versionOf } from './environment';
import { exitCodes, Failure } from './failure';
import { printable } from './printable';

/** A part of the command line, loaded when it is asked for. */
interface Command {
  readonly summary: string;
  readonly load: () => Promise<(args: readonly string[], env: Environment) => Promise<number>>;
}

const commands: Readonly<Record<CommandName, Command>> = {
  call: {
    summary: 'make an RPC and print its answer',
    load: async () => (await import('./call/callCommand')).callCommand,
  },
  list: {
    summary: 'list the services of a server, or the methods of one',
    load: async () => (await import('./describe/listCommand')).listCommand,
  },
  describe: {
    summary: 'show how a service, method, message or enum is defined',
    load: async () => (await import('./describe/describeCommand')).describeCommand,
  },
  run: {
    summary: 'send the requests of .grpc files and check their answers',
    load: async () => (await import('./run/runCommand')).runCommand,
  },
  lint: {
    summary: 'find gRPC calls without a deadline, and options that can’t work',
    load: async () => (await import('./lint/lintCommand')).lintCommand,
  },
};

function usage(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const lines = Object.entries(commands).map(
    ([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`,
  );
  return `Usage: frameline <command> [options]

Commands:
${lines.join('\n')}

  --help, -h     show this text, or a command’s: frameline <command> --help
  --version, -V  show the version
`;
}

/** Runs the command line; gives the exit code. Never rejects. */
export async function runCommand(args: readonly string[], env: Environment): Promise<number> {
  try {
    const [name, ...rest] = args;
    if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
      env.out.write(usage());
      return name === undefined ? exitCodes.failure : exitCodes.clean;
    }
    if (name === '--version' || name === '-V') {
      env.out.write(`${await versionOf(env)}\n`);
      return exitCodes.clean;
    }
    if (!isCommandName(name)) {
      throw new Failure(
        name.startsWith('-') ? `There is no option ${name}.` : `There is no command "${name}".`,
        { next: 'See frameline --help.' },
      );
    }
    const run = await commands[name].load();
    return await run(rest, env);
  } catch (error) {
    env.err.write(describe(error));
    return exitCodes.failure;
  }
}

function describe(error: unknown): string {
  if (error instanceof Failure) {
    const more = [...error.details, ...(error.next === undefined ? [] : [error.next])];
    return `${[`frameline: ${error.message}`, ...more.map((line) => `  ${line}`)].map(printable).join('\n')}\n`;
  }
  // A fault of this program: whoever reports it needs the place.
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `frameline: an internal error\n${text.split('\n').map(printable).join('\n')}\n`;
}
