import { parseAddress } from '../../grpc/address';
import {
  type CallOptions,
  formatCallOptions,
  optionNames,
  parseCallOptions,
} from '../../grpc/callOptions';
import type { RequestDraft } from '../draft';
import { variableNames } from '../variables/references';
import { grpcurlCommand } from './grpcurlCommand';

export interface GrpcurlExport {
  /** For a POSIX shell. */
  readonly command: string;
  /** What the command doesn't do as Frameline does, or needs before it can run: a sentence each. */
  readonly notes: readonly string[];
}

/** Options that grpcurl has a flag for; `keepalive-timeout` goes with `keepalive-time`. */
const exported: ReadonlySet<string> = new Set([
  'deadline',
  'keepalive-time',
  'keepalive-timeout',
  'max-receive-size',
  'user-agent',
]);

/**
 * A request as a command for grpcurl.
 * @param secrets names of variables whose references become variables of the shell, so that no value stands in the
 * command. Other references must have been replaced.
 * @param defaults options that hold where the draft says nothing
 */
export function draftAsGrpcurl(
  draft: RequestDraft,
  { secrets = [], defaults = {} }: { secrets?: readonly string[]; defaults?: CallOptions } = {},
): GrpcurlExport {
  const { target, sources, reflectionMetadata, metadata, messages } = draft;
  const { protoFiles, importPaths, descriptorSets } = sources;
  const { options: own, problems } = parseCallOptions(draft.options);
  const options = { ...defaults, ...own };
  const variables = shellVariables(draft, secrets);
  const hasFiles = protoFiles.length + descriptorSets.length > 0;
  const command = grpcurlCommand(
    {
      target: { ...target, address: withPort(target.address) },
      path: draft.method,
      metadata,
      options,
      protoFiles,
      importPaths,
      // grpcurl takes one kind of file only.
      descriptorSets: protoFiles.length > 0 ? [] : descriptorSets,
      ...(sources.reflection ? { reflectionMetadata } : {}),
      ...(sources.reflection && hasFiles ? { alsoReflection: true } : {}),
      ...(messages.length > 0
        ? { body: messages.map((text) => text.trim() || '{}').join('\n') }
        : {}),
    },
    variables,
  );
  const notes = [
    ...[...variables].map(([name, variable]) => secretNote(draft, name, variable)),
    ...problems.map(({ name, message }) => `The option ${name} is left out. ${message}`),
    ...optionNotes(options),
    ...addressNotes(target.address),
  ];
  if (protoFiles.length > 0 && descriptorSets.length > 0) {
    notes.push(
      `grpcurl takes .proto files or descriptor sets, not both: ${descriptorSets.join(', ')} is left out.`,
    );
  }
  if (!sources.reflection && !hasFiles) {
    notes.push(
      'The server is asked by reflection: grpcurl needs it, or a .proto file or descriptor set.',
    );
  }
  return { command, notes };
}

/** The secrets that the request names, with the shell variable for each. */
function shellVariables(draft: RequestDraft, secrets: readonly string[]): Map<string, string> {
  const names = variableNames(JSON.stringify({ ...draft, title: '' })).filter((name) =>
    secrets.includes(name),
  );
  const variables = new Map<string, string>();
  for (const name of names) {
    if (!variables.has(name)) {
      variables.set(name, freeName(name.replace(/[^A-Za-z0-9_]/g, '_'), [...variables.values()]));
    }
  }
  return variables;
}

function freeName(name: string, taken: readonly string[]): string {
  return taken.includes(name) ? freeName(`${name}_`, taken) : name;
}

function secretNote({ messages }: RequestDraft, name: string, variable: string): string {
  const inMessage = messages.some((message) => variableNames(message).includes(name));
  const caution = inMessage
    ? ' It stands in JSON: a quote or a backslash in the value needs a backslash before it.'
    : '';
  return `Set the variable ${variable} of the shell to the secret ${name} first.${caution}`;
}

function optionNotes(options: CallOptions): string[] {
  const texts = formatCallOptions(options);
  const notes = optionNames.flatMap((name) =>
    texts[name] === undefined || exported.has(name)
      ? []
      : [`grpcurl has no flag for ${name}: ${texts[name]} is left out.`],
  );
  const { keepaliveTime, keepaliveTimeout } = options;
  if (keepaliveTimeout !== undefined && keepaliveTimeout !== keepaliveTime) {
    notes.push(
      `grpcurl waits for the answer to a keepalive PING as long as the keepalive time: keepalive-timeout ${texts['keepalive-timeout']} is left out.`,
    );
  }
  return notes;
}

/** grpcurl refuses a host without a port; under the schemes of gRPC it takes 443 as everyone does. */
function withPort(address: string): string {
  return /^[^\s:/[\]{}]+$|^\[[^\]]*\]$/.test(address) ? `${address}:443` : address;
}

function addressNotes(address: string): string[] {
  const parsed = parseAddress(address);
  return parsed.ok && parsed.hosts.length > 1
    ? [`grpcurl takes one address: ${parsed.hosts.length - 1} of ${address} are left out.`]
    : [];
}
