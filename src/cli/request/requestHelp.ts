import { optionSpecs } from '../../grpc/callOptionSpecs';
import type { HelpRow } from '../help';
import { optionName, targetSpecs } from './requestOptions';

const valueNames: Readonly<Record<string, string>> = {
  duration: 'DURATION',
  boolean: '[true|false]',
  size: 'SIZE',
  text: 'TEXT',
  json: 'JSON',
};

const targetHelp: Readonly<Record<string, readonly [value: string, help: string]>> = {
  plaintext: [
    '',
    'no TLS; without it the server is reached by TLS, and its certificate is verified',
  ],
  insecure: ['', 'TLS without verifying the certificate of the server: for tests only'],
  ca: ['FILE', 'PEM file with the certificate authorities to trust instead of the system’s'],
  cert: ['FILE', 'PEM file with the client certificate (mTLS); needs --key'],
  key: ['FILE', 'PEM file with its key; its passphrase is read from FRAMELINE_KEY_PASSPHRASE'],
  authority: ['HOST', ':authority, and under TLS the name that the certificate must carry'],
  proto: ['FILE', '.proto file that defines services of the server; may be repeated'],
  'import-path': ['FOLDER', 'where .proto files and their imports are looked for; may be repeated'],
  protoset: ['FILE', 'descriptor set that defines services of the server; may be repeated'],
  'no-reflection': ['', 'don’t ask the server for its schema'],
  'reflect-header': ["'KEY: VALUE'", 'metadata for reflection only; may be repeated'],
};

export const targetHelpRows: readonly HelpRow[] = targetSpecs.map(({ name }) => {
  const [value, help] = targetHelp[optionName(name)] ?? ['', ''];
  return [`--${optionName(name)} ${value}`.trim(), help];
});

/** The short form of what the panel says of each option; `docs/options.md` has the whole. */
export const callHelpRows: readonly HelpRow[] = optionSpecs().map((spec) => {
  const value =
    spec.input.kind === 'choice' ? spec.input.choices.join('|') : valueNames[spec.input.kind];
  const isDefault = spec.default === '' ? '' : ` (default: ${spec.default})`;
  return [`--${spec.name} ${value}`, `${spec.help.split('. ')[0]?.replace(/\.$/, '')}${isDefault}`];
});

export const variableHelpRows: readonly HelpRow[] = [
  ['--env NAME', 'the environment of frameline.json that holds'],
  ['--var NAME=VALUE', 'a variable, for {{NAME}}; may be repeated'],
];
