import type { OptionTexts } from '../../grpc/callOptions';
import { formatSize, largestSize } from '../../grpc/size';
import type { SchemaSources } from '../../schema/sources';
import type { MetadataPair, RequestDraft } from '../draft';
import { secretReference } from '../secretReference';
import { commandText, type FoundCommand, sourceOf } from './findCommand';
import { FlagValues } from './flagValues';
import { type Arguments, type Flag, grpcurlFlags, readArguments } from './grpcurlFlags';
import { messagesOf } from './importedMessages';
import { ServerBuilder } from './serverBuilder';
import { ShellError, type ShellWord } from './shellSyntax';
import { WordTexts } from './wordTexts';

export interface ImportOptions {
  /** Absolute path of the folder that relative paths start from: where the command would have been run. */
  readonly folder: string;
  /** The folder that `~` stands for; without it a path with `~` stays as it is. */
  readonly home?: string;
  /** Whether there is a file, asked for `.proto` files that may stand in several folders. */
  readonly exists?: (path: string) => boolean;
}

/** Makes a request of a command that was found. Throws `ShellError` for what grpcurl itself would refuse. */
export class DraftBuilder {
  readonly #found: FoundCommand;
  readonly #options: ImportOptions;
  readonly #end: number;
  readonly #args: Arguments;
  readonly #texts: WordTexts;
  readonly #flags: FlagValues;

  /** @param end where the text of the command ends */
  constructor(found: FoundCommand, options: ImportOptions, end: number) {
    this.#found = found;
    this.#options = options;
    this.#end = end;
    this.#args = readArguments(found.args);
    this.#texts = new WordTexts(options.home);
    this.#flags = new FlagValues(this.#args.flags, this.#texts, options.folder);
  }

  build(): { readonly draft: RequestDraft; readonly notes: readonly string[] } {
    this.#refuseOthers();
    const [address, symbol] = this.#positional();
    const method = this.#methodOf(symbol);
    const server = new ServerBuilder(this.#flags, this.#texts);
    const target = server.target(address);
    const sources = server.sources(this.#options.exists ?? (() => false));
    const shared = this.#pairs('H');
    const metadata = [...shared, ...this.#pairs('rpc-header')];
    const reflectionMetadata = sources.reflection
      ? [...shared, ...this.#pairs('reflect-header')]
      : [];
    const draft: RequestDraft = {
      title: method.slice(method.indexOf('/') + 1),
      target,
      sources,
      reflectionMetadata,
      method,
      metadata,
      options: this.#callOptions(),
      messages: messagesOf(this.#flags.last('d')?.value, this.#found, this.#texts),
    };
    this.#noteLeftOut(sources);
    return { draft, notes: this.#texts.notes };
  }

  #note(sentence: string): void {
    this.#texts.note(sentence);
  }

  #refuseOthers(): void {
    const help = ['help', 'h', 'version']
      .map((name) => this.#flags.last(name))
      .find((flag) => flag);
    if (help) {
      throw new ShellError(
        `grpcurl ${help.source} makes no call, so there is nothing to import.`,
        help.span,
      );
    }
    const format = this.#flags.last('format');
    if (format?.value && sourceOf(format.value) !== 'json') {
      throw new ShellError(
        'Messages in the text format of protobuf are not read here. Write them as JSON, without -format.',
        format.span,
      );
    }
    const alts = this.#flags.last('alts');
    if (alts && this.#flags.isOn('alts')) {
      throw new ShellError('Frameline connects with plaintext or TLS, not with ALTS.', alts.span);
    }
  }

  #positional(): [address: ShellWord, symbol: ShellWord] {
    const { positional } = this.#args;
    const verb = positional
      .slice(0, 2)
      .find(
        (word, index) => /^(?:list|describe)$/.test(sourceOf(word)) && index < positional.length,
      );
    if (verb) {
      throw new ShellError(
        `grpcurl ${sourceOf(verb)} asks what the server offers; it is not a call. Add the server to the explorer to see its services and methods.`,
        verb.span,
      );
    }
    const [address, symbol, extra] = positional;
    if (address === undefined || symbol === undefined) {
      const what =
        address === undefined ? 'The address and the method are' : 'The address or the method is';
      throw new ShellError(
        `${what} missing: grpcurl [flags] localhost:50051 market.v1.ListingService/GetListing`,
        address?.span ?? { from: this.#end, to: this.#end },
      );
    }
    if (extra) {
      throw new ShellError(
        `${JSON.stringify(sourceOf(extra))} is one word too many: after the flags come the address and the method. Is a quote missing?`,
        extra.span,
      );
    }
    return [address, symbol];
  }

  /** `service/method`, or `service.method` with the last dot for the slash. */
  #methodOf(word: ShellWord): string {
    const text = this.#texts.line(word).replace(/^\//, '');
    const method = text.includes('/') ? text : text.replace(/\.([^.]*)$/, '/$1');
    if (!/^[^\s/]+\/[^\s/]+$/.test(method)) {
      throw new ShellError(
        `${JSON.stringify(text)} is no method. Write market.v1.ListingService/GetListing.`,
        word.span,
      );
    }
    return method;
  }

  #pairs(name: 'H' | 'rpc-header' | 'reflect-header'): MetadataPair[] {
    return this.#flags.all(name).flatMap((flag) => {
      const text = flag.value ? this.#expand(this.#texts.line(flag.value)) : '';
      const [, key = '', value = ''] = /^([^:]*):?(.*)$/s.exec(text) ?? [];
      const pair = { key: key.trim(), value: value.trim() };
      if (text === '') {
        return [];
      }
      if (!/^[\w.-]+$/.test(pair.key) || /[\r\n]/.test(pair.value)) {
        this.#note(`Not imported: ${flag.source}. It can't be sent as metadata.`);
        return [];
      }
      return [{ ...pair, value: this.#hide(pair) ?? this.#binary(pair, flag) }];
    });
  }

  /** With `-expand-headers` grpcurl itself replaces `${NAME}`. */
  #expand(text: string): string {
    return this.#flags.isOn('expand-headers')
      ? text.replace(/\$\{([A-Za-z_]\w*)\}/g, (source, name) => this.#texts.reference(name, source))
      : text;
  }

  /** Without the credential, which no file may hold; undefined where there is none. */
  #hide(pair: MetadataPair): string | undefined {
    const hidden = secretReference(pair);
    if (hidden) {
      this.#note(
        `{{${hidden.name}}} stands for a secret of the command: name it in "secrets" of an environment in frameline.json, and set it there.`,
      );
    }
    return hidden?.text;
  }

  /** grpcurl sends a binary value that isn't base64 as it is. */
  #binary({ key, value }: MetadataPair, flag: Flag): string {
    const isBase64 = /^[\w+/-]*={0,2}$/.test(value) && value.replace(/=+$/, '').length % 4 !== 1;
    if (!key.toLowerCase().endsWith('-bin') || isBase64 || value.includes('{{')) {
      return value;
    }
    this.#note(
      `The value of ${flag.source} is no base64; it is imported as the base64 of its text.`,
    );
    return Buffer.from(value).toString('base64');
  }

  #callOptions(): OptionTexts {
    const options: Record<string, string> = {};
    const deadline = this.#flags.duration('max-time');
    if (deadline !== undefined) {
      options.deadline = deadline;
    }
    const keepalive = this.#flags.duration('keepalive-time', shortestKeepalive);
    if (keepalive !== undefined) {
      options['keepalive-time'] = keepalive;
      // grpcurl waits for the answer as long as for the next PING.
      options['keepalive-timeout'] = this.#flags.duration('keepalive-time') ?? keepalive;
    }
    const size = this.#flags.last('max-msg-sz');
    const bytes = this.#flags.text('max-msg-sz');
    if (size && bytes !== undefined) {
      if (!/^\+?\d+$/.test(bytes)) {
        throw new ShellError('-max-msg-sz is a number of bytes.', size.span);
      }
      if (Number(bytes) > 0) {
        options['max-receive-size'] =
          Number(bytes) > largestSize ? 'unlimited' : formatSize(Number(bytes));
      }
    }
    const agent = this.#flags.text('user-agent');
    if (agent !== undefined) {
      options['user-agent'] = agent;
    }
    return options;
  }

  #noteLeftOut(sources: SchemaSources): void {
    const { flags, unknown, late } = this.#args;
    for (const flag of flags) {
      const why = grpcurlFlags.get(flag.name)?.ignored;
      if (why !== undefined) {
        this.#note(`Not imported: ${flag.source}. ${why}`);
      } else if (flag.name === 'reflect-header' && !sources.reflection) {
        this.#note(`Not imported: ${flag.source}. The server is not asked by reflection.`);
      }
    }
    for (const source of unknown) {
      this.#note(`Not imported: ${source}. No flag of grpcurl has this name.`);
    }
    if (late.length > 0) {
      this.#note(
        `grpcurl reads flags before the address only; ${late.join(', ')} stood after it and was imported all the same.`,
      );
    }
    const { command, prefix, others } = this.#found;
    if (prefix.length > 0) {
      this.#note(`Not imported: ${commandText({ words: prefix })}, before grpcurl.`);
    }
    for (const redirect of command.redirects) {
      if (!/^0?</.test(redirect.operator)) {
        this.#note(`Not imported: ${redirect.operator} ${sourceOf(redirect.word)}.`);
      }
    }
    for (const other of others) {
      if (other.words.length > 0) {
        this.#note(`Not imported: the command ${commandText(other)}.`);
      }
    }
  }
}

/** grpc-go raises what is shorter. */
const shortestKeepalive = 10_000;
