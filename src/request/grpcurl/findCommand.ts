import { ShellError, type ShellToken, type ShellWord } from './shellSyntax';

/** One command of a command line, up to what separates it from the next. */
export interface SimpleCommand {
  readonly words: readonly ShellWord[];
  readonly redirects: readonly Extract<ShellToken, { kind: 'redirect' }>[];
  /** What stands before it: `|` when it reads what the command before it writes. */
  readonly before: string | undefined;
}

export interface FoundCommand {
  readonly command: SimpleCommand;
  /** What follows `grpcurl`. */
  readonly args: readonly ShellWord[];
  /** What stands before `grpcurl`: `docker run …`, `TOKEN=x`. */
  readonly prefix: readonly ShellWord[];
  /** The other commands of the text, in their order. */
  readonly others: readonly SimpleCommand[];
}

/** The first call of grpcurl among the commands; undefined when there is none. */
export function findGrpcurl(tokens: readonly ShellToken[]): FoundCommand | undefined {
  const commands = simpleCommands(tokens);
  for (const command of commands) {
    const words = withoutPrompt(command.words);
    const at = words.findIndex(isGrpcurl);
    const prefix = words.slice(0, at);
    if (at >= 0 && startsOthers(prefix)) {
      const others = commands.filter((other) => other !== command);
      return { command, args: words.slice(at + 1), prefix, others };
    }
  }
  return undefined;
}

function simpleCommands(tokens: readonly ShellToken[]): SimpleCommand[] {
  const commands: SimpleCommand[] = [];
  let words: ShellWord[] = [];
  let redirects: SimpleCommand['redirects'][number][] = [];
  let before: string | undefined;
  const finish = (operator: string | undefined): void => {
    if (words.length > 0 || redirects.length > 0) {
      commands.push({ words, redirects, before });
      words = [];
      redirects = [];
      before = operator;
    } else if (before === undefined || operator !== '\n') {
      before = operator;
    }
  };
  for (const token of tokens) {
    if (token.kind === 'operator') {
      finish(token.text);
    } else if (token.kind === 'word') {
      words.push(token.word);
    } else {
      redirects.push(token);
    }
  }
  finish(undefined);
  return commands;
}

/** Without the `$` or `%` of a prompt that was copied along. */
function withoutPrompt(words: readonly ShellWord[]): readonly ShellWord[] {
  const [first] = words;
  return first && ['$', '%'].includes(sourceOf(first)) ? words.slice(1) : words;
}

/** The program by any path, or its image: `./grpcurl`, `grpcurl.exe`, `fullstorydev/grpcurl:v1.9.3`. */
function isGrpcurl(word: ShellWord): boolean {
  return /(?:^|[\\/])grpcurl(?:\.exe|[:@][\w.:-]+)?$/.test(sourceOf(word));
}

const starters = new Set(
  'sudo time env exec command nohup watch docker podman nerdctl kubectl'.split(' '),
);

/** True when a program that is started after these words is what is meant: `which grpcurl` isn't. */
function startsOthers(prefix: readonly ShellWord[]): boolean {
  const first = prefix.map(sourceOf).find((word) => !/^[A-Za-z_]\w*=/.test(word));
  return first === undefined || starters.has(first);
}

/** The text of a word, with what a shell would replace as it is written. */
export function sourceOf({ parts }: ShellWord): string {
  return parts.map((part) => (part.kind === 'text' ? part.text : part.source)).join('');
}

/** A command for a sentence about it. */
export function commandText({ words }: Pick<SimpleCommand, 'words'>): string {
  const text = words.map(sourceOf).join(' ');
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** Commands for other shells have other rules for quotes; nothing may be read by the wrong ones. */
export function refuseOtherShells(text: string): void {
  const caret = /\^[ \t]*\n/.exec(text);
  if (caret) {
    throw new ShellError(
      'A line ends with ^, as in the command prompt of Windows, whose quotes follow other rules. Write \\ at the end of lines and single quotes around JSON, as a POSIX shell has it.',
      { from: caret.index, to: caret.index + 1 },
    );
  }
  const tick = /(?:^|[ \t])`[ \t]*\n/.exec(text);
  const prompt = /^\s*PS [^>\n]*>/.exec(text);
  const powerShell = tick ?? prompt;
  if (powerShell) {
    const from = powerShell.index + powerShell[0].search(/[`P]/);
    throw new ShellError(
      `This is a command for PowerShell (${tick ? 'a line ends with a backtick' : 'it begins with its prompt'}), whose quotes follow other rules. Write \\ at the end of lines and single quotes around JSON, as a POSIX shell has it.`,
      { from, to: from + 1 },
    );
  }
}
