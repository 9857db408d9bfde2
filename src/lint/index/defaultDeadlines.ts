import type { LanguageId } from '../languages/language';
import { springChannels } from './springChannels';

/** What a file of the workspace says about deadlines of calls elsewhere. Plain data. */
export interface DeadlineHints {
  /** A default that calls get without saying so, by language. */
  readonly defaults: Readonly<Partial<Record<LanguageId, string>>>;
  /** Functions and interceptors that give a deadline, by name. */
  readonly giving: readonly { readonly language: LanguageId; readonly name: string }[];
  /** Classes of interceptors that leave deadlines alone, by name. */
  readonly leaving?: readonly { readonly language: LanguageId; readonly name: string }[];
  /** Channels that a framework's configuration names, and whether their calls get a default. */
  readonly channels?: Readonly<Record<string, boolean>>;
}

const jvm = ['java', 'kotlin'] as const;
const node = ['javascript', 'typescript', 'tsx'] as const;

/** Configuration of a framework that gives every call of its clients a deadline. */
const frameworks: readonly {
  readonly file: RegExp;
  readonly says: RegExp;
  readonly what: string;
}[] = [
  {
    // Spring gRPC, "Client": spring.grpc.client.channels.<name>.default-deadline
    file: /(?:^|\/)application[\w-]*\.(?:ya?ml|properties)$/,
    says: /^\s*(?:spring\.grpc\.client\.\S*|grpc\.client\.\S*)?default[-.]deadline\s*[:=]\s*\S/m,
    what: 'the default-deadline of Spring gRPC',
  },
  {
    // Quarkus gRPC: quarkus.grpc.clients.<name>.deadline
    file: /(?:^|\/)application[\w-]*\.(?:ya?ml|properties)$/,
    says: /^\s*quarkus\.grpc\.clients\.\S*deadline\s*=\s*\S/m,
    what: 'the client deadline of Quarkus',
  },
];

/** Interceptors and the like, by what their definition looks like. The name is the first group. */
const definitions: readonly {
  readonly languages: readonly LanguageId[];
  readonly start: RegExp;
  /** What stands in the definition, within `reach` characters. */
  readonly gives: RegExp;
}[] = [
  {
    languages: ['go'],
    start:
      /^func (?:\([^)]*\) )?(\w+)\([^\n]*(?:grpc\.(?:Unary|Stream)ClientInterceptor|invoker\s+grpc\.UnaryInvoker)/gm,
    gives: /context\.With(?:Timeout|Deadline)(?:Cause)?\(/,
  },
  {
    languages: jvm,
    start: /\bclass\s+(\w+)[^{]*\bClientInterceptor\b/g,
    gives: /\bwithDeadline(?:After)?\s*\(/,
  },
  {
    languages: ['python'],
    start: /^class\s+(\w+)\([^)]*ClientInterceptor[^)]*\)\s*:/gm,
    gives: /^class(?:(?!\nclass\b)[\s\S])*?(?:\btimeout\s*=\s*(?!None\b)\S|_replace\([^)]*timeout)/,
  },
  {
    languages: ['ruby'],
    start: /\bclass\s+(\w+)\s*<\s*(?:::)?GRPC::ClientInterceptor\b/g,
    gives: /\bdeadline\b/,
  },
  {
    languages: ['csharp'],
    start: /\bclass\s+(\w+)[^{]*:\s*[^{]*\bInterceptor\b/g,
    gives: /\bWithDeadline\s*\(|\bdeadline\s*:/,
  },
  {
    // A client that its registration gives the deadline of the call that is served.
    languages: ['csharp'],
    start: /\bAddGrpcClient\s*<\s*(?:[\w.:]*[.:])?(\w+)\s*>/g,
    gives: /^AddGrpcClient(?:(?!AddGrpcClient)[\s\S])*?\.EnableCallContextPropagation\s*\(/,
  },
  {
    languages: ['rust'],
    start: /\bfn\s+(\w+)\s*\(\s*(?:mut\s+)?\w+\s*:\s*(?:tonic::)?Request<\(\)>/g,
    gives: /^fn(?:(?!\bfn\s)[\s\S])*?\.set_timeout\s*\(/,
  },
  {
    languages: ['rust'],
    start: /\bimpl\b[^{;]*?\bInterceptor\s+for\s+(\w+)/g,
    gives: /^impl(?:(?!\bimpl\b)[\s\S])*?\.set_timeout\s*\(/,
  },
  {
    // A channel with a timeout for all its calls: any channel that is handed on may be that one.
    languages: ['rust'],
    start: /\b(Endpoint|Channel)::(?:from_static|from_shared|builder|new|from|try_from)\b/g,
    gives: /^[^;]*\.timeout\s*\(/,
  },
  {
    languages: node,
    start: /\b(?:const|function)\s+(\w*[iI]nterceptor\w*)\b/g,
    gives: /\bdeadline\s*[:=]/,
  },
];

const reach = 1_500;

/**
 * A class that is an interceptor of grpcio and of nothing else, up to the next line that isn't its own: all that it
 * does stands in it.
 */
const pythonInterceptor =
  /^class\s+(\w+)\(\s*(?:(?:grpc\.|aio\.)*(?:Unary|Stream)(?:Unary|Stream)ClientInterceptor\s*(?:,\s*)?)+\)\s*:.*(?:\n(?:[ \t].*)?)*/gm;
/** What may end a call, but for handing on what the call's own details say. */
const mayEnd =
  /(?<!details\.)timeout|deadline|wait_for\b|fail_after|move_on|Details\(\s*[^,()=]+,\s*(?!None\b|[\w.]+\s*=|[\w.]*details\.timeout\s*,)/i;

function leavingInterceptors(text: string): string[] {
  return [...text.matchAll(pythonInterceptor)].flatMap(([own, name = '']) =>
    mayEnd.test(own) ? [] : [name],
  );
}

/** What a source or configuration file says. `path` has forward slashes. */
export function deadlineHints(
  path: string,
  text: string,
  language: LanguageId | undefined,
): DeadlineHints {
  const defaults: Partial<Record<LanguageId, string>> = {};
  for (const { file, says, what } of frameworks) {
    if (file.test(path) && says.test(text)) {
      for (const id of jvm) {
        defaults[id] = what;
      }
    }
  }
  const giving: { language: LanguageId; name: string }[] = [];
  for (const { languages, start, gives } of language === undefined ? [] : definitions) {
    if (language === undefined || !languages.includes(language)) {
      continue;
    }
    for (const match of text.matchAll(start)) {
      if (gives.test(text.slice(match.index, match.index + reach))) {
        giving.push(...languages.map((id) => ({ language: id, name: match[1] ?? '' })));
      }
    }
  }
  const channels = springChannels(path, text);
  const leaving = language === 'python' ? leavingInterceptors(text) : [];
  return {
    defaults,
    giving,
    ...(leaving.length === 0
      ? {}
      : { leaving: leaving.map((name) => ({ language: 'python', name })) }),
    ...(channels.size === 0 ? {} : { channels: Object.fromEntries(channels) }),
  };
}

/** Whether a file of this name may be the configuration of a framework. `path` has forward slashes. */
export function isFrameworkConfiguration(path: string): boolean {
  return frameworks.some(({ file }) => file.test(path));
}
