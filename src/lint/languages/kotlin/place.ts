import type { Node } from 'web-tree-sitter';
import type { Expression, Span } from '../../program/syntax';
import { LoweredFile } from '../jvm/lowering';
import { inner, type LanguagePlace, textOf } from '../jvm/place';
import { spanOf } from '../shared/nodes';

/** What is known of a Kotlin file before its functions are lowered. */
export class KotlinFile extends LoweredFile {
  /** Names of functions, classes and imports of the file: a plain name means them, not a member. */
  readonly names = new Set<string>();
  /** Properties without a value of their own, by `Class.name`: they are called, like functions. */
  readonly getters = new Set<string>();
  /** Names that can be written without an object, by class. */
  readonly members = new Map<string, ReadonlySet<string>>();
  /** Functions of the file that extend a type: the object is their first argument. */
  readonly extensions = new Set<string>();
}

export interface KotlinPlace extends LanguagePlace {
  readonly file: KotlinFile;
  /** The object whose functions can be called by plain names: in `apply { … }`, in an extension function. */
  readonly receiver?: string;
  /** Parameters of the primary constructor that are no properties: known to initializers only. */
  readonly parameters?: ReadonlySet<string>;
}

/** The field that keeps a parameter of the primary constructor for what initializes the object. */
export function parameterField(name: string): string {
  return `${name} (parameter)`;
}

export function isCode({ type }: Node): boolean {
  return !type.endsWith('comment') && type !== 'label';
}

/** Nodes without comments. */
export function codeIn(node: Node): Node[] {
  return node.namedChildren.filter(isCode);
}

export function insideBlock(place: KotlinPlace): KotlinPlace {
  return { ...inner(place), file: place.file };
}

/** A name: a variable, a property of the object, a getter that is called, or something of the file. */
export function nameExpression(name: string, span: Span, place: KotlinPlace): Expression {
  const member = (owner: string, field: string): Expression => ({
    kind: 'member',
    object: { kind: 'name', name: owner, span: { from: span.from, to: span.from } },
    name: field,
    nameSpan: span,
    span,
  });
  if (place.parameters?.has(name) === true) {
    return member(place.className, parameterField(name));
  }
  const found = place.names.expression(name, span);
  if (found.kind === 'member' && found.object.kind === 'name') {
    const owner = found.object.name === 'this' ? place.className : found.object.name;
    return gotten(found, `${owner}.${name}`, place);
  }
  return found.kind === 'name' ? gotten(found, name, place) : found;
}

/** The property itself, or what its getter gives. */
export function gotten(property: Expression, key: string, { file }: KotlinPlace): Expression {
  const { span } = property;
  return file.getters.has(key)
    ? {
        kind: 'call',
        callee: property,
        arguments: [],
        argumentsSpan: { from: span.to, to: span.to },
        span,
      }
    : property;
}

/** Names that are always functions of the standard library, whatever the object around. */
const standard =
  /^(?:list|set|map|array|mutable\w+|hashMap|linkedMap|arrayList)Of$|^(?:empty\w+|print|println|lazy|run|with|apply|also|let|use|repeat|require\w*|check\w*|error|runCatching|TODO|maxOf|minOf|build\w+|synchronized|to|emit|async|launch|await|delay|coroutineScope|supervisorScope|runBlocking|withContext|withTimeout\w*|flow|flowOf|suspend)$/;

/** A function that is called by a plain name: of the file, of the class, or of the object around the block. */
export function calledName(node: Node, args: number, place: KotlinPlace): Expression {
  const name = textOf(node, place);
  const span = spanOf(node);
  const found = place.names.expression(name, span);
  if (found.kind === 'member' && found.object.kind === 'name') {
    const owner = found.object.name === 'this' ? place.className : found.object.name;
    return { ...found, name: place.file.methodFor(owner, name, args) };
  }
  const { receiver, file } = place;
  const isMember =
    receiver !== undefined &&
    /^[a-z]/.test(name) &&
    !place.names.isVariable(name) &&
    !file.names.has(name) &&
    !standard.test(name);
  return isMember
    ? {
        kind: 'member',
        object: { kind: 'name', name: receiver, span: { from: span.from, to: span.from } },
        name,
        nameSpan: span,
        span,
      }
    : { kind: 'name', name, span };
}
