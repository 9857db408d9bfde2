import { optionSpecs } from '../../grpc/callOptionSpecs';

/** How one annotation (`# @name value`) is written and what it is for. */
export interface AnnotationSpec {
  /** Without the `@`. */
  readonly name: string;
  readonly value: 'none' | 'option' | 'path' | 'text' | 'metadata' | 'expectation' | 'capture';
  /** What it is about: an option of the call or channel, the target, or what has to come back. */
  readonly group: 'option' | 'target' | 'answer';
  readonly repeatable: boolean;
  /** Markdown-free help. */
  readonly help: string;
}

const target = [
  {
    name: 'plaintext',
    value: 'none',
    help: 'Connects without TLS. Without it an address is reached by TLS, and the certificate is verified.',
  },
  {
    name: 'insecure',
    value: 'none',
    help: 'TLS without verifying the certificate of the server: anybody on the way can answer in its place. For tests only.',
  },
  {
    name: 'ca',
    value: 'path',
    help: 'PEM file with the certificate authorities to trust instead of the system’s. Relative to this file.',
  },
  {
    name: 'cert',
    value: 'path',
    help: 'PEM file with the client certificate (mTLS). Needs @key. Relative to this file.',
  },
  {
    name: 'key',
    value: 'path',
    help: 'PEM file with the key of the client certificate (mTLS). Needs @cert. Relative to this file.',
  },
  {
    name: 'authority',
    value: 'text',
    help: 'Sent as :authority; under TLS also the name that the certificate must carry.',
  },
  {
    name: 'proto',
    value: 'path',
    repeatable: true,
    help: '.proto file that defines services of the server, besides reflection. Relative to this file.',
  },
  {
    name: 'import-path',
    value: 'path',
    repeatable: true,
    help: 'Folder in which .proto files and their imports are looked for. Relative to this file.',
  },
  {
    name: 'protoset',
    value: 'path',
    repeatable: true,
    help: 'Descriptor set (protoc --descriptor_set_out) that defines services of the server. Relative to this file.',
  },
  {
    name: 'no-reflection',
    value: 'none',
    help: 'Doesn’t ask the server for its schema: what the files say is all.',
  },
  {
    name: 'reflect-metadata',
    value: 'metadata',
    repeatable: true,
    help: 'key: value, sent when the server is asked for its schema, and not with the call.',
  },
] as const;

const answer = [
  {
    name: 'expect',
    value: 'expectation',
    help: 'What has to hold of the answer: status OK, message.price.units == 5, messages >= 1, trailers.x-cost exists, latency < 50%.',
  },
  {
    name: 'capture',
    value: 'capture',
    help: 'name = message.id keeps a value of the answer for later requests of this file, as {{name}}.',
  },
] as const;

/** Every annotation, in the order in which it is offered. */
export const annotationSpecs: readonly AnnotationSpec[] = [
  ...optionSpecs().map(
    ({ name, help }): AnnotationSpec => ({
      name,
      value: 'option',
      group: 'option',
      repeatable: false,
      help,
    }),
  ),
  ...target.map(
    (spec): AnnotationSpec => ({ group: 'target', ...spec, repeatable: 'repeatable' in spec }),
  ),
  ...answer.map((spec): AnnotationSpec => ({ group: 'answer', repeatable: true, ...spec })),
];

const byName = new Map(annotationSpecs.map((spec) => [spec.name, spec]));

export function annotationSpec(name: string): AnnotationSpec | undefined {
  return byName.get(name);
}
