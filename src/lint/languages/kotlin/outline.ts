import type { Node } from 'web-tree-sitter';
import { plainType } from '../jvm/lowering';
import { type OwnMembers, withInherited } from '../jvm/members';
import { childOfType, fieldOf } from '../shared/nodes';
import { isType } from './parameters';
import { isCode, type KotlinFile } from './place';

/** Names of the file's functions, classes, members and getters, before any body is lowered. */
export function collectNames(nodes: readonly Node[], file: KotlinFile): void {
  const own = new Map<string, OwnMembers>();
  for (const node of nodes) {
    if (isClass(node)) {
      file.names.add(className(node, file));
      collectMembers(node, file, own);
    } else if (node.type === 'function_declaration') {
      const name = functionName(node, file);
      file.names.add(name);
      if (isExtension(node)) {
        file.extensions.add(name);
      }
    } else if (node.type === 'property_declaration' && isGetter(node)) {
      file.getters.add(propertyName(node, file));
    }
  }
  for (const [name, members] of withInherited(own)) {
    file.members.set(name, members);
  }
}

function collectMembers(node: Node, file: KotlinFile, own: Map<string, OwnMembers>): void {
  const owner = className(node, file);
  own.set(owner, { names: memberNames(node, file), supers: supersOf(node, file) });
  for (const member of membersOf(node)) {
    if (isClass(member)) {
      collectMembers(member, file, own);
    } else if (member.type === 'property_declaration' && isGetter(member)) {
      file.getters.add(`${owner}.${propertyName(member, file)}`);
    }
  }
}

/** What the class extends and implements, without type arguments. */
export function supersOf(node: Node, file: KotlinFile): string[] {
  const list = childOfType(node, 'delegation_specifiers');
  return (list?.namedChildren ?? []).flatMap((specifier) => {
    const [inside] = specifier.namedChildren.filter(isCode);
    const type =
      inside === undefined || isType(inside) ? inside : inside.namedChildren.find(isType);
    return type === undefined ? [] : [plainType(textOf(type, file))];
  });
}

export function isClass({ type }: Node): boolean {
  return type === 'class_declaration' || type === 'object_declaration';
}

/** Of a class or an object; those of its companion object too, which are called by plain names as well. */
export function membersOf(node: Node): Node[] {
  const body = node.type.endsWith('_body')
    ? node
    : childOfType(node, 'class_body', 'enum_class_body');
  return (body?.namedChildren ?? []).flatMap((member) =>
    member.type === 'companion_object' || member.type === 'ERROR' ? membersOf(member) : [member],
  );
}

/** Parameters of the primary constructor that are properties. */
function keptParameters(node: Node, file: KotlinFile): string[] {
  return parameterNodes(node)
    .filter((parameter) => isProperty(parameter, file))
    .map((parameter) => textOf(childOfType(parameter, 'identifier'), file));
}

/** Names that can be written without an object inside the class. */
export function memberNames(node: Node, file: KotlinFile): ReadonlySet<string> {
  const names = new Set(
    membersOf(node).flatMap((member) =>
      member.type === 'property_declaration'
        ? [propertyName(member, file)]
        : member.type === 'function_declaration' && !isExtension(member)
          ? [functionName(member, file)]
          : [],
    ),
  );
  for (const name of keptParameters(node, file)) {
    names.add(name);
  }
  return names;
}

/** Those of the primary constructor. */
export function parameterNodes(node: Node): Node[] {
  const primary = childOfType(node, 'primary_constructor');
  const list = primary === undefined ? undefined : childOfType(primary, 'class_parameters');
  return (list?.namedChildren ?? []).filter(({ type }) => type === 'class_parameter');
}

/** Whether a parameter of the primary constructor is a property too: `val` or `var` stands before it. */
export function isProperty(parameter: Node, file: KotlinFile): boolean {
  const name = childOfType(parameter, 'identifier');
  const to = name?.startIndex ?? parameter.startIndex;
  return /(?:^|\s)va[lr]\s+$/.test(file.sliceOf({ from: parameter.startIndex, to }));
}

function className(node: Node, file: KotlinFile): string {
  return textOf(childOfType(node, 'identifier'), file);
}

function functionName(node: Node, file: KotlinFile): string {
  return textOf(fieldOf(node, 'name'), file);
}

export function propertyName(node: Node, file: KotlinFile): string {
  const variable = childOfType(node, 'variable_declaration');
  return textOf(variable && childOfType(variable, 'identifier'), file);
}

/** Whether the property is computed each time it is read. */
export function isGetter(node: Node): boolean {
  const getter = childOfType(node, 'getter');
  const hasBody = getter !== undefined && childOfType(getter, 'function_body') !== undefined;
  const parts = node.namedChildren.filter(isCode);
  const at = parts.findIndex(({ type }) => type.endsWith('variable_declaration'));
  const next = parts[at + 1]?.type;
  return hasBody && (next === 'getter' || next === 'setter');
}

/** Whether the function extends a type: that stands before its name. */
function isExtension(node: Node): boolean {
  const name = fieldOf(node, 'name');
  return (
    name !== undefined &&
    node.namedChildren.some((child) => isType(child) && child.endIndex <= name.startIndex)
  );
}

function textOf(node: Node | undefined, file: KotlinFile): string {
  return node === undefined ? '' : file.sliceOf({ from: node.startIndex, to: node.endIndex });
}
