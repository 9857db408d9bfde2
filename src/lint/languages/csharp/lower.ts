import type { Node } from 'web-tree-sitter';
import type {
  ClassNode,
  Declaration,
  Expression,
  FieldNode,
  FunctionNode,
  Import,
  Program,
} from '../../program/syntax';
import { MemberNames, type Surrounding } from '../shared/memberNames';
import { childOfType, childrenOf, fieldOf, spanOf } from '../shared/nodes';
import { expressionOf } from './expressions';
import { annotationsOf, functionOf, parametersOf } from './functions';
import { type Lowering, type Place, textOf, typeText } from './source';
import { blockOf, statementsOf } from './statements';

const lowering: Lowering = { expression: expressionOf, block: blockOf };

const classTypes = new Set([
  'class_declaration',
  'record_declaration',
  'struct_declaration',
  'interface_declaration',
]);

/** A file of C#. */
export function lower(root: Node, text: string): Program {
  const file: Place = { text, lowering, names: new MemberNames(undefined) };
  const imports: Import[] = [];
  const declarations: Declaration[] = [];
  const statements: Node[] = [];
  let packageName: string | undefined;
  const add = (node: Node): void => {
    switch (node.type) {
      case 'using_directive':
        imports.push(...importOf(node, file));
        break;
      case 'namespace_declaration':
      case 'file_scoped_namespace_declaration': {
        const name = fieldOf(node, 'name');
        packageName ??= name === undefined ? undefined : textOf(name, file);
        for (const inner of childrenOf(node)) {
          add(inner);
        }
        break;
      }
      case 'declaration_list':
        childrenOf(node).forEach(add);
        break;
      case 'global_statement':
        statements.push(...node.namedChildren);
        break;
      default:
        if (classTypes.has(node.type)) {
          declarations.push(classOf(node, file, undefined));
        } else if (node.type.startsWith('preproc_')) {
          childrenOf(node).forEach(add);
        }
    }
  };
  childrenOf(root).forEach(add);
  // Together, so that functions among them are known to all.
  for (const statement of statementsOf(statements, file)) {
    declarations.push(
      statement.kind === 'define' ? statement.definition : { kind: 'statement', statement },
    );
  }
  return { imports, ...(packageName === undefined ? {} : { packageName }), declarations };
}

/** `using A.B;` and `using static A.B;` bring all names of `A.B`; `using X = A.B;` that one. */
function importOf(node: Node, place: Place): Import[] {
  const alias = fieldOf(node, 'name');
  const target = childrenOf(node).at(-1);
  return target === undefined
    ? []
    : [
        {
          name: alias === undefined ? '*' : textOf(alias, place),
          path: textOf(target, place).replace(/^global::/, ''),
          span: spanOf(node),
        },
      ];
}

function classOf(node: Node, place: Place, outer: Surrounding | undefined): ClassNode {
  const nameNode = fieldOf(node, 'name');
  const name = nameNode === undefined ? '' : textOf(nameNode, place);
  const members = membersOf(node);
  const list = childOfType(node, 'parameter_list');
  // Inside the class's functions `this` is the object; what stands outside them knows it by the class's name.
  const names = new Set(memberNames(members, place));
  const primary =
    list === undefined ? [] : parametersOf(list, { ...place, names: new MemberNames(undefined) });
  for (const parameter of primary) {
    names.add(parameter.name);
  }
  const surrounding = (self: string): Surrounding => ({ members: names, self, outer });
  const inside: Place = { ...place, names: new MemberNames(surrounding('this')) };
  const outside: Place = { ...place, names: new MemberNames(surrounding(name)) };

  const fields: FieldNode[] = primary.map(({ name: field, type, span }) => ({
    name: field,
    ...(type === undefined ? {} : { type }),
    annotations: [],
    isStatic: false,
    span,
  }));
  const methods: FunctionNode[] = [];
  const classes: ClassNode[] = [];
  for (const member of members) {
    if (classTypes.has(member.type)) {
      classes.push(classOf(member, place, surrounding(name)));
    } else if (member.type === 'field_declaration') {
      fields.push(...fieldsOf(member, outside));
    } else if (member.type === 'property_declaration' || member.type === 'indexer_declaration') {
      const { field, setters } = propertyOf(member, inside, outside);
      fields.push(field);
      methods.push(...setters);
    } else if (fieldOf(member, 'parameters') !== undefined) {
      methods.push(methodOf(member, inside));
    }
  }
  return {
    kind: 'class',
    name,
    supers: supersOf(node, place),
    annotations: annotationsOf(node, place),
    fields,
    methods,
    classes,
    span: spanOf(node),
  };
}

/** Also those between `#if` and `#endif`, whichever holds. */
function membersOf(node: Node): Node[] {
  const body = fieldOf(node, 'body') ?? childOfType(node, 'declaration_list');
  return body === undefined ? [] : childrenOf(body).flatMap(flattened);
}

function flattened(node: Node): Node[] {
  return node.type.startsWith('preproc_') ? childrenOf(node).flatMap(flattened) : [node];
}

function memberNames(members: readonly Node[], place: Place): string[] {
  return members.flatMap((member) => {
    if (member.type === 'field_declaration') {
      const list = childOfType(member, 'variable_declaration');
      return (list?.namedChildren ?? [])
        .filter(({ type }) => type === 'variable_declarator')
        .flatMap((declarator) => childrenOf(declarator).slice(0, 1))
        .map((name) => textOf(name, place));
    }
    const name =
      member.type === 'method_declaration' || member.type === 'property_declaration'
        ? fieldOf(member, 'name')
        : undefined;
    return name === undefined ? [] : [textOf(name, place)];
  });
}

function supersOf(node: Node, place: Place): string[] {
  return (childOfType(node, 'base_list')?.namedChildren ?? [])
    .filter(({ type }) => type !== 'argument_list')
    .map((type) => textOf(type, place).replace(/\(.*$|<.*$/s, ''));
}

function fieldsOf(node: Node, place: Place): FieldNode[] {
  const list = childOfType(node, 'variable_declaration');
  const type = list === undefined ? undefined : typeText(fieldOf(list, 'type'), place);
  const isStatic = isStaticMember(node, place);
  const annotations = annotationsOf(node, place);
  return (list?.namedChildren ?? [])
    .filter((child) => child.type === 'variable_declarator')
    .flatMap((declarator) => {
      const [name, ...rest] = childrenOf(declarator);
      const value = rest.at(-1);
      return name === undefined
        ? []
        : [
            {
              name: textOf(name, place),
              ...(type === undefined ? {} : { type }),
              ...(value === undefined
                ? {}
                : { value: expressionOf(value, { ...place, expected: type }) }),
              annotations,
              isStatic,
              span: spanOf(declarator),
            },
          ];
    });
}

function isStaticMember(node: Node, place: Place): boolean {
  return childrenOf(node).some(
    (child) => child.type === 'modifier' && /^(static|const)$/.test(textOf(child, place)),
  );
}

/** A property has the value that its getter gives; its setter is a function like another. */
function propertyOf(
  node: Node,
  inside: Place,
  outside: Place,
): { field: FieldNode; setters: FunctionNode[] } {
  const nameNode = fieldOf(node, 'name');
  const name = nameNode === undefined ? 'this' : textOf(nameNode, inside);
  const type = typeText(fieldOf(node, 'type'), inside);
  const value = fieldOf(node, 'value');
  const accessors = fieldOf(node, 'accessors')?.namedChildren ?? [];
  const withBody = accessors.filter((accessor) => fieldOf(accessor, 'body') !== undefined);
  const isGetter = (accessor: Node) =>
    /^\s*(?:\[[^\]]*\]\s*)*(?:\w+\s+)*get\b/.test(textOf(accessor, inside));
  const getter = value?.type === 'arrow_expression_clause' ? node : withBody.find(isGetter);
  const given =
    getter !== undefined
      ? gotten(getter, type, inside)
      : value === undefined
        ? undefined
        : expressionOf(value, { ...outside, expected: type });
  return {
    field: {
      name,
      ...(type === undefined ? {} : { type }),
      ...(given === undefined ? {} : { value: given }),
      annotations: annotationsOf(node, inside),
      isStatic: isStaticMember(node, inside),
      span: spanOf(node),
    },
    setters: withBody
      .filter((accessor) => !isGetter(accessor))
      .map((accessor) => functionOf(accessor, { name: `set ${name}`, isMember: true }, inside)),
  };
}

/** A call of the getter. */
function gotten(node: Node, type: string | undefined, place: Place): Expression {
  const definition = functionOf(
    node,
    { name: '', isMember: true, returnType: type, body: fieldOf(node, 'value') },
    place,
  );
  const span = spanOf(node);
  return {
    kind: 'call',
    callee: { kind: 'closure', definition, span },
    arguments: [],
    argumentsSpan: { from: span.to, to: span.to },
    span,
  };
}

function methodOf(node: Node, place: Place): FunctionNode {
  const name = fieldOf(node, 'name');
  const isConstructor = node.type === 'constructor_declaration';
  return functionOf(
    node,
    {
      name: isConstructor ? '.ctor' : name === undefined ? '' : textOf(name, place),
      isMember: true,
      isConstructor,
      returnType: typeText(fieldOf(node, 'returns'), place),
      before: childOfType(node, 'constructor_initializer'),
    },
    place,
  );
}
