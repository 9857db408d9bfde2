import type { Node } from 'web-tree-sitter';
import type { ClassNode, Expression, FieldNode, FunctionNode } from '../../program/syntax';
import { MemberNames, type Surrounding } from '../shared/memberNames';
import { childOfType, childrenOf, fieldOf, spanOf } from '../shared/nodes';
import { dottedPath } from '../shared/paths';
import { declaratorOf, typeText } from './declarators';
import { created, expressionOf } from './expressions';
import { functionOf, parametersOf } from './functions';
import { type Place, textOf } from './source';

/** What is known of the classes of a file while their functions are lowered. */
export class ClassTable {
  readonly #members = new Map<string, Set<string>>();
  /** Functions, variables and imports of the file. */
  readonly #fileNames = new Set<string>();
  /** What constructors give to fields before their body, by class and field. */
  readonly #initial = new Map<string, Map<string, Expression[]>>();

  addMembers(className: string, names: readonly string[]): void {
    this.#members.set(className, new Set(names));
  }

  addFileName(name: string): void {
    this.#fileNames.add(name);
  }

  knows(className: string): boolean {
    return this.#members.has(className);
  }

  addInitial(className: string, field: string, value: Expression): void {
    const fields = this.#initial.get(className) ?? new Map<string, Expression[]>();
    this.#initial.set(className, fields);
    fields.set(field, [...(fields.get(field) ?? []), value]);
  }

  initialOf(className: string): ReadonlyMap<string, readonly Expression[]> {
    return this.#initial.get(className) ?? new Map();
  }

  /**
   * What a plain name can mean in a method. Of a class that stands in a header that can be every name that the
   * file doesn't explain.
   */
  surrounding(className: string, self: string, outer?: Surrounding): Surrounding {
    const has = (name: string): boolean => {
      const known = this.#members.get(className);
      return known === undefined
        ? /^[a-z_]/.test(name) && !this.#fileNames.has(name)
        : known.has(name);
    };
    return { members: { has }, self, outer };
  }
}

/** The class that stands here with its body; undefined where it is only named. */
export function classIn(node: Node, place: Place): ClassNode | undefined {
  const table = new ClassTable();
  const found = classOf(node, place, table, undefined);
  return found === undefined ? undefined : withInitial(found, table);
}

export function classOf(
  node: Node,
  place: Place,
  table: ClassTable,
  outer: Surrounding | undefined,
): ClassNode | undefined {
  const body = /^(?:class|struct|union)_specifier$/.test(node.type)
    ? fieldOf(node, 'body')
    : undefined;
  const nameNode = fieldOf(node, 'name');
  if (body === undefined || nameNode === undefined) {
    return undefined;
  }
  const name = dottedPath(textOf(nameNode, place)).split('.').at(-1) ?? '';
  const members = membersOf(body);
  table.addMembers(
    name,
    members.flatMap((member) => declaredNames(member, place)),
  );
  const inside: Place = {
    ...place,
    names: new MemberNames(table.surrounding(name, 'this', outer)),
  };
  const outside: Place = { ...place, names: new MemberNames(table.surrounding(name, name, outer)) };
  const fields: FieldNode[] = [];
  const methods: FunctionNode[] = [];
  const classes: ClassNode[] = [];
  for (const member of members) {
    if (member.type === 'function_definition') {
      methods.push(methodOf(member, name, inside, outside, table));
      continue;
    }
    const type = fieldOf(member, 'type');
    const inner = classOf(type ?? member, place, table, table.surrounding(name, name, outer));
    if (inner !== undefined) {
      classes.push(inner);
    }
    if (member.type === 'field_declaration') {
      fields.push(...fieldsOf(member, outside));
    }
  }
  return {
    kind: 'class',
    name,
    supers: supersOf(node, place),
    annotations: [],
    fields,
    methods,
    classes,
    span: spanOf(node),
  };
}

function membersOf(body: Node): Node[] {
  return childrenOf(body).flatMap((member) =>
    member.type.startsWith('preproc_') || member.type === 'template_declaration'
      ? membersOf(member)
      : [member],
  );
}

function declaredNames(member: Node, place: Place): string[] {
  return member.childrenForFieldName('declarator').flatMap((each) => {
    const { name } = declaratorOf(each);
    return name === undefined ? [] : [textOf(name, place)];
  });
}

function supersOf(node: Node, place: Place): string[] {
  return childrenOf(childOfType(node, 'base_class_clause') ?? node)
    .filter(({ type }) => /^(?:type_identifier|qualified_identifier|template_type)$/.test(type))
    .filter(({ id }) => id !== fieldOf(node, 'name')?.id)
    .map((type) => dottedPath(textOf(type, place)));
}

/** Without the methods that are only declared. */
function fieldsOf(node: Node, place: Place): FieldNode[] {
  const type = fieldOf(node, 'type');
  const declarators = node.childrenForFieldName('declarator');
  // Of several, it can't be told whose it is.
  const value = declarators.length === 1 ? fieldOf(node, 'default_value') : undefined;
  const isStatic = childrenOf(node).some(
    (child) => child.type === 'storage_class_specifier' && textOf(child, place) === 'static',
  );
  return declarators.flatMap((each) => {
    const declarator = declaratorOf(each);
    const written = typeText(type, declarator, place);
    return declarator.fn !== undefined || declarator.name === undefined
      ? []
      : [
          {
            name: textOf(declarator.name, place),
            ...(written === undefined ? {} : { type: written }),
            ...initialOf(value, place),
            annotations: [],
            isStatic,
            span: spanOf(each),
          },
        ];
  });
}

/** `= x` and `{x}`; `{}` leaves the object as its type makes it. */
function initialOf(value: Node | undefined, place: Place): Pick<FieldNode, 'value'> {
  const items = value?.type === 'initializer_list' ? childrenOf(value) : [value];
  const [only] = items;
  return only === undefined || items.length !== 1 ? {} : { value: expressionOf(only, place) };
}

function methodOf(
  node: Node,
  className: string,
  inside: Place,
  outside: Place,
  table: ClassTable,
): FunctionNode {
  const { name } = declaratorOf(fieldOf(node, 'declarator'));
  const text = name === undefined ? '' : textOf(name, inside);
  const isConstructor = text === className;
  if (isConstructor) {
    readInitializers(node, className, outside, table);
  }
  return functionOf(
    node,
    { name: isConstructor ? '.ctor' : text, isMember: true, isConstructor },
    inside,
  );
}

/**
 * `: stub_(NewStub(channel)), n_{1}`: what the fields start with. Its place has the class's name for the object:
 * fields are evaluated outside of functions.
 */
export function readInitializers(
  node: Node,
  className: string,
  place: Place,
  table: ClassTable,
): void {
  const list = childOfType(node, 'field_initializer_list');
  const { fn } = declaratorOf(fieldOf(node, 'declarator'));
  const parameters = fn === undefined ? undefined : fieldOf(fn, 'parameters');
  if (list === undefined || parameters === undefined) {
    return;
  }
  const within = { ...place, names: place.names.inner() };
  parametersOf(parameters, within);
  for (const initializer of childrenOf(list)) {
    const [field, given] = childrenOf(initializer);
    const items = given === undefined ? [] : childrenOf(given);
    const [only] = items;
    if (field === undefined || only === undefined) {
      continue;
    }
    const value =
      items.length === 1
        ? expressionOf(only, within)
        : created(initializer, field, given, spanOf(initializer), within);
    table.addInitial(className, textOf(field, place), value);
  }
}

/** With what constructors give to the fields, each on its own way. */
export function withInitial(node: ClassNode, table: ClassTable): ClassNode {
  const initial = table.initialOf(node.name);
  return {
    ...node,
    classes: node.classes.map((inner) => withInitial(inner, table)),
    fields: node.fields.map((field) => {
      const values = [
        ...(field.value === undefined ? [] : [field.value]),
        ...(initial.get(field.name) ?? []),
      ];
      const value = oneOf(values);
      return value === undefined ? field : { ...field, value };
    }),
  };
}

/** A class that is declared in a header, as far as its constructors show it. */
export function classFromInitial(name: string, table: ClassTable): ClassNode | undefined {
  const fields = [...table.initialOf(name)].flatMap(([field, values]): FieldNode[] => {
    const value = oneOf(values);
    return value === undefined
      ? []
      : [{ name: field, value, annotations: [], isStatic: false, span: value.span }];
  });
  const [first] = fields;
  return first === undefined
    ? undefined
    : {
        kind: 'class',
        name,
        supers: [],
        annotations: [],
        fields,
        methods: [],
        classes: [],
        span: first.span,
      };
}

function oneOf(values: readonly Expression[]): Expression | undefined {
  const [first, ...more] = values;
  if (first === undefined || more.length === 0) {
    return first;
  }
  const { span } = first;
  return {
    kind: 'choice',
    condition: { kind: 'other', parts: [], span },
    options: values,
    span,
  };
}
