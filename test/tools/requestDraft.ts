import type { RequestDraft } from '../../src/request/draft';
import { parseRequestFile } from '../../src/request/file/parse';
import type { RequestNode } from '../../src/request/file/syntax';

/** What the only request of a text says, with paths and references as they are written. */
export function readDraft(text: string): RequestDraft {
  const { requests, problems, variables } = parseRequestFile(text);
  const [node] = requests;
  if (!node || requests.length > 1 || problems.length > 0 || variables.length > 0) {
    throw new Error(`Not one sound request: ${JSON.stringify({ problems, variables })}\n${text}`);
  }
  const all = (name: string): string[] =>
    node.annotations.flatMap((one) => (one.name.text === name ? [one.value.text] : []));
  const [ca] = all('ca');
  const [certificate] = all('cert');
  const [key] = all('key');
  const [authority] = all('authority');
  return {
    ...(node.title && { title: node.title.text }),
    target: {
      address: node.line.target.text,
      security:
        all('plaintext').length > 0
          ? { kind: 'plaintext' }
          : {
              kind: 'tls',
              verify: all('insecure').length === 0,
              ...(ca !== undefined && { ca }),
              ...(certificate !== undefined &&
                key !== undefined && { client: { certificate, key } }),
            },
      ...(authority !== undefined && { authority }),
    },
    sources: {
      reflection: all('no-reflection').length === 0,
      protoFiles: all('proto'),
      importPaths: all('import-path'),
      descriptorSets: all('protoset'),
    },
    reflectionMetadata: all('reflect-metadata').map((line) => {
      const [, pairKey = '', value = ''] = /^([^:]*): ?(.*)$/.exec(line) ?? [];
      return { key: pairKey, value };
    }),
    method: `${node.line.service.text}/${node.line.method.text}`,
    metadata: node.metadata.map((line) => ({ key: line.key.text, value: line.value.text })),
    options: optionsOf(node),
    messages: node.messages.map((message) => (message.kind === 'json' ? message.json : '')),
  };
}

const ofTheTarget = new Set(
  'plaintext insecure ca cert key authority proto import-path protoset no-reflection reflect-metadata'.split(
    ' ',
  ),
);

function optionsOf({ annotations }: RequestNode): Record<string, string> {
  return Object.fromEntries(
    annotations
      .filter(({ name }) => !ofTheTarget.has(name.text))
      .map(({ name, value }) => [name.text, value.text]),
  );
}
