import type { Node } from 'web-tree-sitter';
import type {
  ClassNode,
  Declaration,
  FieldNode,
  FunctionNode,
  Import,
  Program,
} from '../../program/syntax';
import { keepLocalClasses } from '../jvm/lowering';
import { inFunction, type Lowering, textOf } from '../jvm/place';
import { MemberNames, type Surrounding } from '../shared/memberNames';
import { childOfType, fieldOf, spanOf } from '../shared/nodes';
import { expressionOf } from './expressions';
import {
  collectNames,
  isClass,
  isGetter,
  isProperty,
  memberNames,
  membersOf,
  parameterNodes,
  propertyName,
  supersOf,
} from './outline';
import { isType, nameIn, parametersOf, typeIn } from './parameters';
import { codeIn, isCode, KotlinFile, type KotlinPlace, parameterField } from './place';
import { blockOf, propertyOf, propertyValue, returnTypeOf } from './statements';

const lowering: Lowering = { expression: expressionOf, block: blockOf, localClass: localClassOf };

/** A file of Kotlin. */
export function lower(root: Node, text: string): Program {
  const file = new KotlinFile(text);
  const place: KotlinPlace = {
    file,
    names: new MemberNames(undefined),
    surrounding: undefined,
    className: '',
    self: '',
    lowering,
  };
  const nodes = root.namedChildren.flatMap(withoutErrors);
  const header = nodes.find(({ type }) => type === 'package_header');
  const imports = nodes.flatMap((node) => (node.type === 'import' ? [importOf(node, place)] : []));
  for (const { name } of imports) {
    file.names.add(name);
  }
  collectNames(nodes, file);
  const declarations = nodes.flatMap((node) => declarationOf(node, place));
  const packageName = header === undefined ? '' : textOf(header, place).replace(/^package\s+/, '');
  const program = {
    imports,
    ...(packageName === '' ? {} : { packageName: packageName.trim() }),
    declarations,
  };
  return keepLocalClasses(program, file);
}

/** What the parser could still read of a part that has a mistake. */
function withoutErrors(node: Node): Node[] {
  return node.type === 'ERROR' ? node.namedChildren.flatMap(withoutErrors) : [node];
}

function importOf(node: Node, place: KotlinPlace): Import {
  const [path, alias] = codeIn(node);
  const written = path === undefined ? '' : textOf(path, place).replace(/\s+/g, '');
  const isAll = /\.\s*\*\s*$/.test(textOf(node, place));
  const last = written.slice(written.lastIndexOf('.') + 1);
  const { from, to } = spanOf(node);
  return {
    name: isAll ? '*' : alias === undefined ? last : textOf(alias, place),
    path: written,
    // The grammar counts the end of the line to it.
    span: { from, to: from + place.file.text.slice(from, to).trimEnd().length },
  };
}

function declarationOf(node: Node, place: KotlinPlace): Declaration[] {
  switch (node.type) {
    case 'class_declaration':
    case 'object_declaration':
      return [classOf(node, place)];
    case 'function_declaration':
      return [functionOf(node, place)];
    case 'property_declaration':
      return isGetter(node)
        ? getterOf(node, place)
        : [{ kind: 'statement', statement: propertyOf(node, place) }];
    default:
      return [];
  }
}

function localClassOf(node: Node, name: string, place: KotlinPlace): ClassNode {
  return classOf(node, place, name);
}

function classOf(node: Node, around: KotlinPlace, named?: string): ClassNode {
  const { file } = around;
  const name = named ?? nameIn(node, around);
  const members = membersOf(node);
  const surrounding: Surrounding = {
    members: file.members.get(name) ?? memberNames(node, file),
    self: name,
    outer: around.surrounding,
  };
  const { receiver: _, ...outside } = around;
  const plain = constructorParameters(node, around);
  const place: KotlinPlace = {
    ...outside,
    surrounding,
    className: name,
    self: name,
    names: new MemberNames(surrounding, around.names),
    parameters: new Set(plain.filter(({ isKept }) => !isKept).map((each) => each.name)),
  };
  const fields: FieldNode[] = [];
  const methods: FunctionNode[] = [];
  const classes: ClassNode[] = [];
  for (const member of members) {
    if (isClass(member)) {
      classes.push(classOf(member, inClass(place)));
    } else if (member.type === 'property_declaration') {
      const getter = isGetter(member) ? getterOf(member, inClass(place)) : [];
      methods.push(...getter);
      fields.push(...(getter.length > 0 ? [] : [propertyField(member, place)]));
    } else if (member.type === 'anonymous_initializer') {
      methods.push(initializerOf(member, place));
    } else {
      const method = methodOf(member, inClass(place));
      methods.push(...(method === undefined ? [] : [method]));
    }
  }
  fields.push(...plain.map((parameter) => parameter.field));
  return {
    kind: 'class',
    name,
    // Those of an anonymous object stand before its body.
    supers: supersOf(node.type === 'class_body' && node.parent !== null ? node.parent : node, file),
    annotations: annotationsOf(node, around),
    fields,
    methods,
    classes,
    span: spanOf(node),
  };
}

/** Where the parameters of the primary constructor are not known any more. */
function inClass({ parameters: _, ...place }: KotlinPlace): KotlinPlace {
  return place;
}

function inMethod(place: KotlinPlace): KotlinPlace {
  return { ...place, ...inFunction(place), file: place.file };
}

interface ConstructorParameter {
  readonly name: string;
  readonly isKept: boolean;
  readonly field: FieldNode;
}

function constructorParameters(node: Node, place: KotlinPlace): ConstructorParameter[] {
  return parameterNodes(node).map((parameter) => {
    const name = nameIn(parameter, place);
    const type = typeIn(parameter, place);
    const value = codeIn(parameter).find(
      (child) => child.type !== 'modifiers' && child.type !== 'identifier' && !isType(child),
    );
    const isKept = isProperty(parameter, place.file);
    return {
      name,
      isKept,
      field: {
        name: isKept ? name : parameterField(name),
        ...(type === undefined ? {} : { type }),
        ...(value === undefined ? {} : { value: expressionOf(value, place) }),
        annotations: annotationsOf(parameter, place),
        isStatic: false,
        span: spanOf(parameter),
      },
    };
  });
}

function propertyField(node: Node, place: KotlinPlace): FieldNode {
  const variable = childOfType(node, 'variable_declaration');
  const type = variable === undefined ? undefined : typeIn(variable, place);
  const value = propertyValue(node);
  return {
    name: propertyName(node, place.file),
    ...(type === undefined ? {} : { type }),
    ...(value === undefined ? {} : { value: expressionOf(value, place) }),
    annotations: annotationsOf(node, place),
    isStatic: false,
    span: spanOf(node),
  };
}

/** A property that is computed each time: a function without parameters. */
function getterOf(node: Node, place: KotlinPlace): FunctionNode[] {
  const getter = childOfType(node, 'getter');
  const variable = childOfType(node, 'variable_declaration');
  const type = variable === undefined ? undefined : typeIn(variable, place);
  const name = propertyName(node, place.file);
  const body = getter === undefined ? undefined : childOfType(getter, 'function_body');
  if (body === undefined || name === '') {
    return [];
  }
  const inside = inMethod(place);
  return [
    {
      kind: 'function',
      name,
      ...(place.className === '' ? {} : { self: 'this' }),
      parameters: [],
      ...(type === undefined ? {} : { returnType: type }),
      annotations: annotationsOf(node, place),
      span: spanOf(node),
      bodySpan: spanOf(body),
      body: () => blockOf(body, inside),
    },
  ];
}

/** `init { … }`: sees the parameters of the primary constructor. */
function initializerOf(node: Node, place: KotlinPlace): FunctionNode {
  const body = childOfType(node, 'block');
  const inside = inMethod(place);
  return {
    kind: 'function',
    name: place.file.addMethod(place.className, '<init>', node.startIndex),
    self: 'this',
    parameters: [],
    annotations: [],
    isConstructor: true,
    span: spanOf(node),
    bodySpan: spanOf(body ?? node),
    body: () => blockOf(body, inside),
  };
}

function methodOf(node: Node, place: KotlinPlace): FunctionNode | undefined {
  if (node.type === 'function_declaration') {
    return functionOf(node, place);
  }
  if (node.type !== 'secondary_constructor') {
    return undefined;
  }
  const inside = inMethod(place);
  const parameters = parametersOf(childOfType(node, 'function_value_parameters'), inside);
  const body = childOfType(node, 'block');
  return {
    kind: 'function',
    name: place.file.addMethod(place.className, '<init>', node.startIndex),
    self: 'this',
    parameters,
    annotations: annotationsOf(node, place),
    isConstructor: true,
    span: spanOf(node),
    bodySpan: spanOf(body ?? node),
    body: () => blockOf(body, inside),
  };
}

/** A function of the file or a class. What it extends is its first parameter, called `this`. */
function functionOf(node: Node, around: KotlinPlace): FunctionNode {
  const nameNode = fieldOf(node, 'name');
  const written = nameNode === undefined ? '' : textOf(nameNode, around);
  const extended = node.namedChildren
    .filter((child) => isCode(child) && child.endIndex <= (nameNode?.startIndex ?? 0))
    .find(isType);
  const isOfFile = around.className === '';
  const isExtension = extended !== undefined && around.file.extensions.has(written);
  const place: KotlinPlace = isExtension
    ? { ...around, names: around.names.inner(), receiver: 'this', self: 'this' }
    : inMethod(around);
  const parameters = parametersOf(childOfType(node, 'function_value_parameters'), place);
  const body = childOfType(node, 'function_body');
  return {
    kind: 'function',
    name: isOfFile ? written : around.file.addMethod(around.className, written, parameters.length),
    ...(isOfFile ? {} : { self: 'this' }),
    parameters: isExtension
      ? [{ name: 'this', type: textOf(extended, around), span: spanOf(extended) }, ...parameters]
      : parameters,
    ...returnTypeOf(node, around),
    annotations: annotationsOf(node, around),
    span: spanOf(node),
    bodySpan: body === undefined ? { from: node.endIndex, to: node.endIndex } : spanOf(body),
    body: () => blockOf(body, place),
  };
}

/** As written, without `@`; and `override`, by which a method of a service is known. */
function annotationsOf(node: Node, place: KotlinPlace): string[] {
  return (childOfType(node, 'modifiers')?.namedChildren ?? [])
    .filter(({ type }) => type === 'annotation' || type === 'member_modifier')
    .map((modifier) => textOf(modifier, place).replace(/^@(?:\w+:)?/, ''));
}
