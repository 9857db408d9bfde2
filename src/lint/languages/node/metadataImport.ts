import type { TextEdit } from '../../finding';
import type { Import } from '../../program/syntax';
import type { FixSource } from '../language';

/** An expression that makes empty metadata, and the imports that it needs. */
export interface NewMetadata {
  readonly expression: string;
  readonly edits: readonly TextEdit[];
}

const library = '@grpc/grpc-js';

/** `new grpc.Metadata()` by the name that the library, or the class, has in this file. */
export function newMetadata(source: FixSource): NewMetadata {
  const { text, program } = source;
  const values = program.imports.filter((each) => !isType(each, text));
  const known =
    values.find(({ path }) => path === `${library}.Metadata`)?.name ??
    memberOf(values.find(({ path }) => path === library)?.name);
  if (known !== undefined) {
    return { expression: `new ${known}()`, edits: [] };
  }
  const local = program.imports.find(({ path }) => path === `${library}.Metadata`)?.name;
  return { expression: `new ${local ?? 'Metadata'}()`, edits: [importEdit(values, source)] };
}

function memberOf(name: string | undefined): string | undefined {
  return name === undefined ? undefined : `${name}.Metadata`;
}

/** `import type { Metadata }` and `import { type Metadata }` are no values. */
function isType({ name, span }: Import, text: string): boolean {
  const written = text.slice(span.from, span.to);
  return /^import\s+type\b/.test(written) || new RegExp(`\\btype\\s+${name}\\b`).test(written);
}

function importEdit(values: readonly Import[], { text, program }: FixSource): TextEdit {
  const asType = program.imports.find(({ path }) => path === `${library}.Metadata`);
  if (asType !== undefined) {
    return asValue(asType, text);
  }
  const named = values.find(
    ({ path, span }) =>
      path.startsWith(`${library}.`) && /^import\s*\{/.test(text.slice(span.from, span.to)),
  );
  if (named !== undefined) {
    const at = text.indexOf('{', named.span.from) + 1;
    return { span: { from: at, to: at }, text: ' Metadata,' };
  }
  const from = program.imports[0]?.span.from ?? 0;
  return { span: { from, to: from }, text: `import { Metadata } from '${library}';\n` };
}

/** The class is imported as a type: now as a value, and what is beside it stays a type. */
function asValue({ span, name }: Import, text: string): TextEdit {
  const written = text.slice(span.from, span.to);
  const isWhole = /^import\s+type\b/.test(written);
  const names = written.slice(written.indexOf('{') + 1, written.indexOf('}'));
  const items = names.split(',').flatMap((item) => {
    const plain = item.trim().replace(/^type\s+/, '');
    const isIt = new RegExp(`^Metadata$|^Metadata\\s+as\\s+${name}$`).test(plain);
    return plain === '' ? [] : [isIt ? plain : isWhole ? `type ${plain}` : item.trim()];
  });
  const from = span.from;
  const to = span.from + written.indexOf('}') + 1;
  return { span: { from, to }, text: `import { ${items.join(', ')} }` };
}
