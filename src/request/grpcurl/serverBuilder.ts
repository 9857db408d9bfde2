import { resolve } from 'node:path';
import { parseAddress } from '../../grpc/address';
import type { Security, Target } from '../../grpc/target';
import type { SchemaSources } from '../../schema/sources';
import type { FlagValues } from './flagValues';
import { ShellError, type ShellWord } from './shellSyntax';
import type { WordTexts } from './wordTexts';

/** The server that a command calls, and where its schema comes from. Throws `ShellError` as grpcurl would fail. */
export class ServerBuilder {
  readonly #flags: FlagValues;
  readonly #texts: WordTexts;

  constructor(flags: FlagValues, texts: WordTexts) {
    this.#flags = flags;
    this.#texts = texts;
  }

  target(word: ShellWord): Target {
    const authority = this.#authority();
    return {
      address: this.#address(word),
      security: this.#security(),
      ...(authority !== undefined && { authority }),
    };
  }

  #address(word: ShellWord): string {
    const text = this.#texts.line(word).replace(/^passthrough:\/\/\//, '');
    const socket = this.#flags.isOn('unix') || /^unix:/.test(text);
    const address = socket
      ? `unix:${this.#flags.resolve(text.replace(/^unix:(?:\/\/)?/, ''))}`
      : text;
    if (!address.includes('{{')) {
      const parsed = parseAddress(address);
      if (!parsed.ok && (parsed.problem === 'empty' || parsed.problem === 'space')) {
        throw new ShellError(parsed.message, word.span);
      }
      if (!parsed.ok) {
        this.#texts.note(`The address has to be changed. ${parsed.message}`);
      }
    }
    return address;
  }

  #security(): Security {
    const files = ['cacert', 'cert', 'key'].flatMap((name) => this.#flags.all(name));
    const insecure = this.#flags.last('insecure');
    if (this.#flags.isOn('plaintext')) {
      if (insecure && this.#flags.isOn('insecure')) {
        throw new ShellError(
          '-insecure is for TLS, and -plaintext is without: grpcurl refuses both.',
          insecure.span,
        );
      }
      for (const flag of files) {
        this.#texts.note(`Not imported: ${flag.source}. It has no effect without TLS.`);
      }
      return { kind: 'plaintext' };
    }
    const [ca, certificate, key] = [
      this.#flags.path('cacert'),
      this.#flags.path('cert'),
      this.#flags.path('key'),
    ];
    if ((certificate === undefined) !== (key === undefined)) {
      const one = this.#flags.last('cert') ?? this.#flags.last('key');
      throw new ShellError(
        '-cert and -key belong together: one is missing.',
        one?.span ?? { from: 0, to: 0 },
      );
    }
    return {
      kind: 'tls',
      verify: !this.#flags.isOn('insecure'),
      ...(ca !== undefined && { ca }),
      ...(certificate !== undefined && key !== undefined && { client: { certificate, key } }),
    };
  }

  #authority(): string | undefined {
    const authority = this.#flags.text('authority');
    const flag = this.#flags.last('servername');
    const name = this.#flags.text('servername');
    if (name === undefined || flag === undefined) {
      return authority;
    }
    if (this.#flags.isOn('plaintext')) {
      this.#texts.note(`Not imported: ${flag.source}. It has no effect without TLS.`);
      return authority;
    }
    if (authority !== undefined && authority !== name) {
      throw new ShellError(
        '-authority and -servername say different names: grpcurl refuses both.',
        flag.span,
      );
    }
    return name;
  }

  /** @param exists whether there is a file at a path */
  sources(exists: (path: string) => boolean): SchemaSources {
    const importPaths = this.#flags.paths('import-path').map((path) => this.#flags.resolve(path));
    const protoFiles = this.#flags
      .paths('proto')
      .map((path) => this.#protoFile(path, importPaths, exists));
    const descriptorSets = this.#flags.paths('protoset').map((path) => this.#flags.resolve(path));
    const [set] = this.#flags.all('protoset');
    if (set && protoFiles.length > 0) {
      throw new ShellError('grpcurl takes -proto or -protoset, not both.', set.span);
    }
    const reflection =
      this.#flags.isOn('use-reflection') ?? protoFiles.length + descriptorSets.length === 0;
    return { reflection, protoFiles, importPaths, descriptorSets };
  }

  /** grpcurl looks for it in the folders for imports too. */
  #protoFile(
    path: string,
    importPaths: readonly string[],
    exists: (path: string) => boolean,
  ): string {
    const places = [path, ...importPaths.map((folder) => resolve(folder, path))].map((place) =>
      this.#flags.resolve(place),
    );
    return (
      places.find((place) => exists(place)) ?? places[importPaths.length === 1 ? 1 : 0] ?? path
    );
  }
}
