import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseAddress } from '../../grpc/address';
import { plural } from '../../panel/text';
import type { SchemaSources } from '../../schema/sources';
import { importRoot } from '../importRoot';
import type { ServerSecrets } from '../secrets';
import { type Server, securityLabel, securityText } from '../servers';
import { askChoice, askFiles, askText, Back } from './ask';
import { askSecurity } from './security';

/** A server that is being put together or changed; nothing of it is stored yet. */
export interface ServerDraft {
  readonly server: Server;
  readonly secrets: ServerSecrets;
}

/** Why `text` is no address, for an input box. */
export function addressProblem(text: string): string | undefined {
  const address = parseAddress(text);
  if (address.ok) {
    return undefined;
  }
  return address.suggestion === undefined
    ? address.message
    : `${address.message} Press Enter for ${address.suggestion}.`;
}

/** What was probably meant by an address that can't be read. */
export function addressSuggestion(text: string): string | undefined {
  const address = parseAddress(text);
  return address.ok ? undefined : address.suggestion;
}

type Part =
  | 'done'
  | 'name'
  | 'address'
  | 'security'
  | 'authority'
  | 'reflection'
  | 'metadata'
  | 'files'
  | 'imports'
  | 'sets';

/** Lets the user change any part of a server; `undefined` when they left without wanting to keep it. */
export async function editDraft(
  draft: ServerDraft,
  title: string,
): Promise<ServerDraft | undefined> {
  let current = draft;
  for (;;) {
    const part = await askChoice<Part>({
      title,
      placeholder: 'What do you want to change?',
      choices: parts(current),
    });
    if (part === undefined || part === Back) {
      return undefined;
    }
    if (part === 'done') {
      return current;
    }
    current = (await editPart(current, part, title)) ?? current;
  }
}

function parts({ server, secrets }: ServerDraft): Parameters<typeof askChoice<Part>>[0]['choices'] {
  const { target, sources } = server;
  const metadata = secrets.reflectionMetadata ?? [];
  return [
    { label: 'Save and read the services', icon: 'check', value: 'done' },
    { group: 'Connection', label: 'Name', description: server.name, icon: 'tag', value: 'name' },
    { label: 'Address', description: target.address, icon: 'globe', value: 'address' },
    {
      label: 'Security',
      description: securityText[securityLabel(target.security)],
      icon: 'lock',
      value: 'security',
    },
    {
      label: 'Authority',
      description: target.authority ?? 'from the address',
      detail: 'Sent as :authority; under TLS also the name that the certificate must carry.',
      icon: 'verified',
      value: 'authority',
    },
    {
      group: 'Schema',
      label: 'Reflection',
      description: sources.reflection ? 'on' : 'off',
      icon: 'radio-tower',
      value: 'reflection',
    },
    {
      label: 'Metadata for reflection',
      description:
        metadata.length === 0 ? 'none' : metadata.map(({ key }) => `${key}: ••••`).join(', '),
      detail: 'Kept in the secret storage of the editor.',
      icon: 'key',
      value: 'metadata',
    },
    {
      label: '.proto files',
      description: fileNames(sources.protoFiles),
      icon: 'file-code',
      value: 'files',
    },
    {
      label: 'Import paths',
      description: fileNames(sources.importPaths),
      icon: 'folder',
      value: 'imports',
    },
    {
      label: 'Descriptor sets',
      description: fileNames(sources.descriptorSets),
      icon: 'file-binary',
      value: 'sets',
    },
  ];
}

function fileNames(files: readonly string[]): string {
  if (files.length === 0) {
    return 'none';
  }
  return files.length > 3
    ? plural(files.length, 'path')
    : files.map((file) => path.basename(file)).join(', ');
}

async function editPart(
  draft: ServerDraft,
  part: Exclude<Part, 'done'>,
  title: string,
): Promise<ServerDraft | undefined> {
  const { server, secrets } = draft;
  const { target } = server;
  switch (part) {
    case 'name': {
      const name = await text({ title, prompt: 'Name in the explorer', value: server.name });
      return name === undefined ? undefined : withServer(draft, { name: name || target.address });
    }
    case 'address': {
      const address = await text({
        title,
        prompt: 'Address of the server',
        value: target.address,
        check: addressProblem,
        mend: addressSuggestion,
      });
      return address === undefined
        ? undefined
        : withServer(draft, {
            target: { ...target, address },
            ...(server.name === target.address ? { name: address } : {}),
          });
    }
    case 'security': {
      const chosen = await askSecurity({
        title,
        address: target.address,
        current: target.security,
      });
      if (chosen === undefined || chosen === Back) {
        return undefined;
      }
      const { passphrase: _old, ...others } = secrets;
      return {
        server: { ...server, target: { ...target, security: chosen.security } },
        secrets: {
          ...others,
          ...(chosen.passphrase === undefined ? {} : { passphrase: chosen.passphrase }),
        },
      };
    }
    case 'authority': {
      const authority = await text({
        title,
        prompt: 'Authority (empty: from the address)',
        value: target.authority ?? '',
        check: (value) =>
          /^[\x21-\x7e]*$/.test(value) ? undefined : 'An authority is a host name, with no spaces.',
      });
      if (authority === undefined) {
        return undefined;
      }
      const { authority: _old, ...others } = target;
      return withServer(draft, { target: authority === '' ? others : { ...others, authority } });
    }
    case 'reflection':
      return withSources(draft, { reflection: !server.sources.reflection });
    case 'metadata': {
      const reflectionMetadata = await editMetadata(secrets.reflectionMetadata ?? [], title);
      return { server, secrets: { ...secrets, reflectionMetadata } };
    }
    case 'files':
      return editPaths(draft, 'protoFiles', title);
    case 'imports':
      return editPaths(draft, 'importPaths', title);
    case 'sets':
      return editPaths(draft, 'descriptorSets', title);
  }
}

async function text(question: Parameters<typeof askText>[0]): Promise<string | undefined> {
  const answer = await askText(question);
  return answer === undefined || answer === Back ? undefined : answer.trim();
}

function withServer(draft: ServerDraft, change: Partial<Server>): ServerDraft {
  return { ...draft, server: { ...draft.server, ...change } };
}

function withSources(draft: ServerDraft, change: Partial<SchemaSources>): ServerDraft {
  return withServer(draft, { sources: { ...draft.server.sources, ...change } });
}

type Metadata = NonNullable<ServerSecrets['reflectionMetadata']>;

async function editMetadata(metadata: Metadata, title: string): Promise<Metadata> {
  // It brings grpc-js with it.
  const { buildMetadata } = await import('../../grpc/metadata');
  const check = (key: string, value: string): string | undefined =>
    buildMetadata([{ key, value, enabled: true }]).problems[0]?.message;
  let current = metadata;
  for (;;) {
    const choice = await askChoice<'add' | 'back' | number>({
      title,
      placeholder: 'Metadata of the reflection call',
      choices: [
        { label: 'Add…', icon: 'add', value: 'add' },
        ...current.map(({ key }, index) => ({
          label: key,
          description: 'remove',
          icon: 'trash',
          value: index,
        })),
        { label: 'Done', icon: 'check', value: 'back' },
      ],
    });
    if (typeof choice === 'number') {
      current = current.filter((_, index) => index !== choice);
      continue;
    }
    if (choice !== 'add') {
      return current;
    }
    const key = await text({
      title,
      prompt: 'Key, such as authorization',
      check: (value) => check(value, ''),
    });
    const name = key?.toLowerCase();
    const value =
      name &&
      (await text({
        title,
        prompt: `Value of ${name}`,
        password: true,
        check: (written) => check(name, written),
      }));
    if (name && value !== undefined) {
      current = [...current, { key: name, value }];
    }
  }
}

type FileKind = 'protoFiles' | 'importPaths' | 'descriptorSets';

interface FileQuestion {
  readonly label: string;
  readonly filters?: Readonly<Record<string, string[]>>;
  readonly folders: boolean;
}

const fileKinds: Readonly<Record<FileKind, FileQuestion>> = {
  protoFiles: {
    label: '.proto files',
    filters: { 'Protocol Buffers': ['proto'] },
    folders: false,
  },
  importPaths: { label: 'import paths', folders: true },
  descriptorSets: {
    label: 'descriptor sets',
    filters: {
      'Descriptor sets': ['binpb', 'protoset', 'pb', 'desc', 'bin'],
      'All files': ['*'],
    },
    folders: false,
  },
};

async function editPaths(
  draft: ServerDraft,
  kind: FileKind,
  title: string,
): Promise<ServerDraft | undefined> {
  const { label } = fileKinds[kind];
  const paths = draft.server.sources[kind];
  const choice =
    paths.length === 0
      ? 'add'
      : await askChoice<'add' | number>({
          title,
          placeholder: `Add or remove ${label}`,
          choices: [
            { label: 'Add…', icon: 'add', value: 'add' },
            ...paths.map((file, index) => ({
              label: path.basename(file),
              description: `remove · ${file}`,
              icon: 'trash',
              value: index,
            })),
          ],
        });
  if (choice === undefined || choice === Back) {
    return undefined;
  }
  if (choice === 'add') {
    return addSchemaFiles(draft, kind);
  }
  return withSources(draft, { [kind]: paths.filter((_, index) => index !== choice) });
}

/** Asks for files of one kind; for `.proto` files also works out where their imports start. */
async function addSchemaFiles(
  draft: ServerDraft,
  kind: FileKind,
): Promise<ServerDraft | undefined> {
  const { label, filters, folders } = fileKinds[kind];
  const files = await askFiles({
    title: `Add ${label} to ${draft.server.name}`,
    label: 'Add',
    many: true,
    folders,
    ...(filters ? { filters } : {}),
  });
  if (files.length === 0) {
    return undefined;
  }
  const { sources } = draft.server;
  const importPaths =
    kind === 'protoFiles' ? await Promise.all(files.map(rootOf)) : sources.importPaths;
  return withSources(draft, {
    importPaths: [...new Set([...sources.importPaths, ...importPaths])],
    [kind]: [...new Set([...sources[kind], ...files])],
  });
}

async function rootOf(file: string): Promise<string> {
  try {
    return importRoot(file, await readFile(file, 'utf8'));
  } catch {
    // Reading the schema says why the file can't be read.
    return path.dirname(file);
  }
}

/** Asks which kind of files to add, then for the files. */
export async function askSchemaFiles(draft: ServerDraft): Promise<ServerDraft | undefined> {
  const kind = await askChoice<FileKind>({
    title: draft.server.name,
    placeholder: 'Where are the services described?',
    choices: [
      { label: '.proto files…', icon: 'file-code', value: 'protoFiles' },
      {
        label: 'Descriptor set…',
        description: '.binpb, .protoset: what protoc --descriptor_set_out or buf build writes',
        icon: 'file-binary',
        value: 'descriptorSets',
      },
    ],
  });
  return kind === undefined || kind === Back ? undefined : addSchemaFiles(draft, kind);
}
