import type { Node } from 'web-tree-sitter';
import type {
  ClassNode,
  Declaration,
  FieldNode,
  FunctionNode,
  Import,
  Program,
} from '../../program/syntax';
import { keepLocalClasses, LoweredFile, plainType } from '../jvm/lowering';
import { type Members, type OwnMembers, withInherited } from '../jvm/members';
import { inFunction, type LanguagePlace, type Lowering, textOf } from '../jvm/place';
import { MemberNames, type Surrounding } from '../shared/memberNames';
import { childOfType, fieldOf, other, spanOf } from '../shared/nodes';
import { argumentsOf, expressionOf } from './expressions';
import { parametersOf } from './parameters';
import { blockOf } from './statements';

const lowering: Lowering = { expression: expressionOf, block: blockOf, localClass: localClassOf };

const classTypes: readonly string[] = [
  'class_declaration',
  'interface_declaration',
  'enum_declaration',
  'record_declaration',
];

/** A file of Java. */
export function lower(root: Node, text: string): Program {
  const file = new LoweredFile(text);
  const imports: Import[] = [];
  const declarations: Declaration[] = [];
  let packageName: string | undefined;
  const nodes = root.namedChildren;
  const members = membersOfAll(nodes, text);
  for (const node of nodes) {
    if (node.type === 'import_declaration') {
      imports.push(...importOf(node, text));
    } else if (node.type === 'package_declaration') {
      const name = childOfType(node, 'scoped_identifier', 'identifier');
      packageName = name && text.slice(name.startIndex, name.endIndex);
    } else if (classTypes.includes(node.type)) {
      const names = new MemberNames(undefined);
      const place = { file, names, surrounding: undefined, className: '', self: '', lowering };
      declarations.push(new ClassLowering(members, place).lower(node));
    }
  }
  const program = {
    imports,
    ...(packageName === undefined ? {} : { packageName }),
    declarations,
  };
  return keepLocalClasses(program, file);
}

function importOf(node: Node, text: string): Import[] {
  const name = childOfType(node, 'scoped_identifier', 'identifier');
  if (name === undefined) {
    return [];
  }
  const path = text.slice(name.startIndex, name.endIndex).replace(/\s+/g, '');
  const isAll = childOfType(node, 'asterisk') !== undefined;
  return [{ name: isAll ? '*' : path.slice(path.lastIndexOf('.') + 1), path, span: spanOf(node) }];
}

function membersOfAll(nodes: readonly Node[], text: string): Members {
  const own = new Map<string, OwnMembers>();
  const collect = (node: Node): void => {
    own.set(nameOf(node, text), { names: namesIn(node, text), supers: supersOf(node, text) });
    memberNodes(node)
      .filter(({ type }) => classTypes.includes(type))
      .forEach(collect);
  };
  nodes.filter(({ type }) => classTypes.includes(type)).forEach(collect);
  return withInherited(own);
}

/** Fields, methods and the components of a record. */
function namesIn(node: Node, text: string): ReadonlySet<string> {
  const components = node.type === 'record_declaration' ? fieldOf(node, 'parameters') : undefined;
  return new Set([
    ...memberNodes(node).flatMap((member) => namesOf(member, text)),
    ...(components?.namedChildren ?? []).map((component) => nameOf(component, text)),
  ]);
}

function memberNodes(node: Node): Node[] {
  const body = node.type.endsWith('_body') ? node : fieldOf(node, 'body');
  return (body?.namedChildren ?? []).flatMap((member) =>
    member.type === 'enum_body_declarations' ? member.namedChildren : [member],
  );
}

function namesOf(member: Node, text: string): string[] {
  if (member.type === 'field_declaration' || member.type === 'constant_declaration') {
    return member.namedChildren
      .filter(({ type }) => type === 'variable_declarator')
      .map((declarator) => nameOf(declarator, text));
  }
  return member.type === 'method_declaration' ? [nameOf(member, text)] : [];
}

function nameOf(node: Node, text: string): string {
  const name = fieldOf(node, 'name');
  return name === undefined ? '' : text.slice(name.startIndex, name.endIndex);
}

function supersOf(node: Node, text: string): string[] {
  return node.namedChildren
    .filter(({ type }) => ['superclass', 'super_interfaces', 'extends_interfaces'].includes(type))
    .flatMap(({ namedChildren }) => namedChildren)
    .flatMap((child) => (child.type === 'type_list' ? child.namedChildren : [child]))
    .map((type) => plainType(text.slice(type.startIndex, type.endIndex)));
}

/** A local class, or the body of an anonymous one, whose super stands before it. */
function localClassOf(node: Node, name: string, place: LanguagePlace): ClassNode {
  const isBody = node.type === 'class_body';
  const type = isBody && node.parent !== null ? fieldOf(node.parent, 'type') : undefined;
  const names = namesIn(node, place.file.text);
  return new ClassLowering(new Map([[name, names]]), place).lower(
    node,
    name,
    type === undefined ? undefined : [plainType(textOf(type, place))],
  );
}

/** Lowers one class, and those inside it. */
class ClassLowering {
  readonly #members: Members;
  readonly #place: LanguagePlace;

  constructor(members: Members, place: LanguagePlace) {
    this.#members = members;
    this.#place = place;
  }

  lower(
    node: Node,
    name = nameOf(node, this.#text),
    supers = supersOf(node, this.#text),
  ): ClassNode {
    const around = this.#place;
    const surrounding: Surrounding = {
      members: this.#members.get(name) ?? new Set(),
      self: name,
      outer: around.surrounding,
    };
    const place: LanguagePlace = {
      ...around,
      surrounding,
      className: name,
      self: name,
      names: new MemberNames(surrounding, around.names),
    };
    const fields = this.#components(node, place);
    around.file.records.set(name, new Set(fields.map((field) => field.name)));
    const methods: FunctionNode[] = [];
    const classes: ClassNode[] = [];
    for (const member of memberNodes(node)) {
      if (classTypes.includes(member.type)) {
        classes.push(new ClassLowering(this.#members, place).lower(member));
      } else if (member.type === 'field_declaration' || member.type === 'constant_declaration') {
        fields.push(...this.#fields(member, place));
      } else if (member.type === 'enum_constant') {
        fields.push(this.#constant(member, place));
      } else {
        const method = this.#method(member, place);
        methods.push(...(method === undefined ? [] : [method]));
      }
    }
    return {
      kind: 'class',
      name,
      supers,
      annotations: annotationsOf(node, place),
      fields,
      methods,
      classes,
      span: spanOf(node),
    };
  }

  get #text(): string {
    return this.#place.file.text;
  }

  /** The components of a record are fields. */
  #components(node: Node, place: LanguagePlace): FieldNode[] {
    const list = node.type === 'record_declaration' ? fieldOf(node, 'parameters') : undefined;
    const scratch = { ...place, names: place.names.inner() };
    return (list === undefined ? [] : parametersOf(list, scratch)).map(({ name, type, span }) => ({
      name,
      ...(type === undefined ? {} : { type }),
      annotations: [],
      isStatic: false,
      span,
    }));
  }

  #fields(node: Node, place: LanguagePlace): FieldNode[] {
    const type = fieldOf(node, 'type');
    const modifiers = childOfType(node, 'modifiers');
    const annotations = annotationsOf(node, place);
    return node.namedChildren
      .filter((child) => child.type === 'variable_declarator')
      .map((declarator) => {
        const value = fieldOf(declarator, 'value');
        return {
          name: nameOf(declarator, this.#text),
          ...(type === undefined ? {} : { type: textOf(type, place) }),
          ...(value === undefined ? {} : { value: expressionOf(value, place) }),
          annotations,
          isStatic: modifiers !== undefined && /\bstatic\b/.test(textOf(modifiers, place)),
          span: spanOf(node),
        };
      });
  }

  #constant(node: Node, place: LanguagePlace): FieldNode {
    const list = fieldOf(node, 'arguments');
    const parts = list === undefined ? [] : argumentsOf(list, place).map(({ value }) => value);
    return {
      name: nameOf(node, this.#text),
      value: other(node, parts),
      annotations: [],
      isStatic: true,
      span: spanOf(node),
    };
  }

  #method(node: Node, around: LanguagePlace): FunctionNode | undefined {
    const body =
      node.type === 'block' ? node : (fieldOf(node, 'body') ?? childOfType(node, 'block'));
    const isMethod = node.type === 'method_declaration';
    if (!isMethod && body === undefined) {
      return undefined;
    }
    const place = inFunction(around);
    const list = fieldOf(node, 'parameters');
    const parameters = list === undefined ? [] : parametersOf(list, place);
    const type = fieldOf(node, 'type');
    const written = isMethod ? nameOf(node, this.#text) : '<init>';
    return {
      kind: 'function',
      name: place.file.addMethod(
        around.className,
        written,
        isMethod ? parameters.length : node.startIndex,
      ),
      self: 'this',
      parameters,
      ...(type === undefined ? {} : { returnType: textOf(type, place) }),
      annotations: annotationsOf(node, place),
      ...(isMethod ? {} : { isConstructor: true }),
      span: spanOf(node),
      bodySpan: body === undefined ? { from: node.endIndex, to: node.endIndex } : spanOf(body),
      body: () => blockOf(body, place),
    };
  }
}

/** As written, without `@`. */
function annotationsOf(node: Node, place: LanguagePlace): string[] {
  return (childOfType(node, 'modifiers')?.namedChildren ?? [])
    .filter(({ type }) => type.endsWith('annotation'))
    .map((annotation) => textOf(annotation, place).slice(1));
}
