import type { RequestForm } from '../../panel/protocol';
import type { RequestFile, RequestNode } from '../../request/file/syntax';
import type { ResolvedRequest } from '../../request/resolve/resolved';
import { replaceReferences } from '../../request/variables/replace';
import type { Scope } from '../../request/variables/scope';

/**
 * The panel's form filled with a request of a file, and with the first of its messages. References to variables of the
 * environment stay, so that no secret gets into the form; what only the file knows is replaced.
 */
export function panelForm(
  file: RequestFile,
  node: RequestNode,
  { options, messages }: Pick<ResolvedRequest, 'options' | 'messages'>,
  scope: Pick<Scope, 'overrides' | 'captures'>,
): RequestForm {
  const values = new FileValues(file, scope);
  return {
    body: messageTexts(file, node, { messages }, scope)[0] ?? '{}',
    metadata: node.metadata.map(({ key, value }) => ({
      key: key.text,
      value: values.replace(value.text, 'text'),
      enabled: true,
    })),
    options,
  };
}

/** The messages of a request, with the references that `panelForm` leaves. */
export function messageTexts(
  file: RequestFile,
  node: RequestNode,
  { messages }: Pick<ResolvedRequest, 'messages'>,
  scope: Pick<Scope, 'overrides' | 'captures'>,
): string[] {
  const values = new FileValues(file, scope);
  return node.messages.map((message, index) =>
    message.kind === 'json'
      ? tidy(values.replace(message.json, 'json'))
      : // Of a file nothing is replaced, and so nothing may look as if it were to be.
        tidy((messages[index]?.json ?? '').replaceAll('{{', String.raw`\u007b{`)),
  );
}

/** Longest value, in UTF-16 units, that is put into a form, and how many variables may refer to each other for it. */
const longestValue = 1024 * 1024;
const deepest = 100;

/** What only a file knows: what its answers gave, and its own variables. */
class FileValues {
  readonly #known: Pick<Scope, 'overrides' | 'captures'>;
  readonly #variables: ReadonlyMap<string, string>;
  /** A variable is replaced once: each may refer to the next one twice. */
  readonly #replaced = new Map<string, string>();
  /** Names that are being replaced: one that refers to itself stays as it stands. */
  readonly #open = new Set<string>();

  constructor(file: RequestFile, known: Pick<Scope, 'overrides' | 'captures'>) {
    this.#known = known;
    // The first of a name counts.
    this.#variables = new Map(
      file.variables.toReversed().map(({ name, value }) => [name.text, value.text]),
    );
  }

  replace(text: string, syntax: 'text' | 'json'): string {
    return replaceReferences(text, syntax, (reference) =>
      reference.kind === 'variable' ? this.#valueOf(reference.name) : undefined,
    ).text;
  }

  #valueOf(name: string): string | undefined {
    const { overrides, captures } = this.#known;
    const given = overrides.get(name) ?? captures.get(name) ?? this.#replaced.get(name);
    const text = this.#variables.get(name);
    if (given !== undefined || text === undefined || this.#open.has(name)) {
      return given;
    }
    if (this.#open.size >= deepest) {
      return undefined;
    }
    this.#open.add(name);
    const value = this.replace(text, 'text');
    this.#open.delete(name);
    // What is too long for a form stays a reference.
    const shown = value.length > longestValue ? `{{${name}}}` : value;
    this.#replaced.set(name, shown);
    return shown;
  }
}

/** Without the lines that were comments. */
function tidy(json: string): string {
  return json.replace(/^[ \t]+\r?\n/gm, '').trim();
}
