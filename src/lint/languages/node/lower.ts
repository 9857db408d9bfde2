import type { Node } from 'web-tree-sitter';
import type {
  Declaration,
  Expression,
  FunctionNode,
  Import,
  Program,
  Statement,
  Target,
} from '../../program/syntax';
import { spanOf } from '../shared/nodes';
import { lowerExpression } from './lowerExpressions';
import { decoratorsOf, lowerClass, lowerFunction } from './lowerFunctions';
import { functionTypes, type Lowering, partsOf, stringValue, textOf, typeOf } from './lowering';
import { lowerBlock, lowerStatement, lowerTarget } from './lowerStatements';

/** JavaScript, TypeScript and TSX to the neutral syntax. */
export function lower(root: Node, text: string): Program {
  const imports: Import[] = [];
  const declarations = new FileLowering(text).file(root, imports);
  return { imports, declarations };
}

class FileLowering implements Lowering {
  readonly types = new Map<string, string>();

  constructor(readonly text: string) {}

  expression(node: Node): Expression {
    return lowerExpression(this, node);
  }

  block(nodes: readonly Node[]): Statement[] {
    return lowerBlock(this, nodes);
  }

  target(node: Node): Target {
    return lowerTarget(this, node);
  }

  fn(
    node: Node,
    parts: Partial<Pick<FunctionNode, 'name' | 'annotations' | 'span'>> = {},
  ): FunctionNode {
    return lowerFunction(this, node, parts);
  }

  classStatement(node: Node): Statement {
    const definition = lowerClass(this, node, this.#nameOf(node), []);
    return { kind: 'define', definition, span: spanOf(node) };
  }

  #nameOf(node: Node): string {
    const name = node.childForFieldName('name');
    return name === null ? '' : textOf(this, name);
  }

  file(root: Node, imports: Import[]): Declaration[] {
    return partsOf(this, root).flatMap((node) => this.#declarations(node, imports));
  }

  #declarations(node: Node, imports: Import[]): Declaration[] {
    switch (node.type) {
      case 'import_statement':
        imports.push(...importsOf(this, node));
        return [];
      case 'export_statement':
        return this.#exported(node, imports);
      case 'function_declaration':
      case 'generator_function_declaration':
        return [this.fn(node)];
      case 'class_declaration':
      case 'abstract_class_declaration':
        return [lowerClass(this, node, this.#nameOf(node), [])];
      case 'interface_declaration':
        return [lowerClass(this, node, this.#nameOf(node), [])];
      case 'type_alias_declaration':
        return node.childForFieldName('value')?.type === 'object_type'
          ? [lowerClass(this, node, this.#nameOf(node), [])]
          : [];
      case 'lexical_declaration':
      case 'variable_declaration':
        return this.#variables(node, imports);
      default:
        return asDeclarations(lowerStatement(this, node));
    }
  }

  #exported(node: Node, imports: Import[]): Declaration[] {
    const declaration = node.childForFieldName('declaration');
    if (declaration === null) {
      return asDeclarations(lowerStatement(this, node));
    }
    if (/class_declaration$/.test(declaration.type)) {
      return [lowerClass(this, declaration, this.#nameOf(declaration), decoratorsOf(this, node))];
    }
    return this.#declarations(declaration, imports);
  }

  /** Functions and modules that a `const` names are known in the whole file; the rest runs in its order. */
  #variables(node: Node, imports: Import[]): Declaration[] {
    const declarators = partsOf(this, node);
    const isConstant = this.text.startsWith('const', node.startIndex);
    const [only] = declarators;
    if (declarators.length !== 1 || only === undefined) {
      return asDeclarations(lowerStatement(this, node));
    }
    const name = only.childForFieldName('name');
    const value = only.childForFieldName('value');
    if (name?.type === 'identifier' && value === null) {
      return [this.#later(only, name)];
    }
    if (name === null || value === null) {
      return asDeclarations(lowerStatement(this, node));
    }
    if (isConstant && name.type === 'identifier' && functionTypes.has(value.type)) {
      const type = typeOf(this, only);
      const annotations = type === undefined ? [] : [type];
      return [this.fn(value, { name: textOf(this, name), annotations, span: spanOf(node) })];
    }
    if (name.type === 'identifier' && value.type === 'class') {
      return [lowerClass(this, value, textOf(this, name), [])];
    }
    const required = requiredModule(this, value);
    const bound = required === undefined ? undefined : boundNames(this.target(name), required);
    if (bound === undefined) {
      return asDeclarations(lowerStatement(this, node));
    }
    imports.push(...bound);
    return [];
  }

  /** What functions assign to it counts, and its type where that says nothing. */
  #later(declarator: Node, name: Node): Declaration {
    const type = typeOf(this, declarator);
    if (type !== undefined) {
      this.types.set(textOf(this, name), type);
    }
    const span = spanOf(declarator);
    return { kind: 'statement', statement: { kind: 'declare', name: textOf(this, name), span } };
  }
}

function asDeclarations(statements: readonly Statement[]): Declaration[] {
  return statements.map((statement) => ({ kind: 'statement', statement }));
}

/** `import def, { a as b } from 'm'`, `import * as m from 'm'`, `import m = require('m')`. */
function importsOf(lowering: Lowering, node: Node): Import[] {
  const span = spanOf(node);
  const [clause] = partsOf(lowering, node);
  const source =
    node.childForFieldName('source') ??
    (clause?.type === 'import_require_clause' ? clause.childForFieldName('source') : null);
  const module = source === null ? undefined : stringValue(lowering.text, source);
  if (module === undefined || clause === undefined || clause.type === 'string') {
    return [];
  }
  const parts =
    clause.type === 'import_require_clause'
      ? partsOf(lowering, clause).slice(0, 1)
      : partsOf(lowering, clause);
  return parts.flatMap((part): Import[] => {
    switch (part.type) {
      case 'identifier':
        // The default of a CommonJS module is the module (`esModuleInterop`).
        return [{ name: textOf(lowering, part), path: module, span }];
      case 'namespace_import': {
        const [name] = partsOf(lowering, part);
        return name === undefined ? [] : [{ name: textOf(lowering, name), path: module, span }];
      }
      case 'named_imports':
        return partsOf(lowering, part).flatMap((specifier) =>
          namedImport(lowering, specifier, module, node),
        );
      default:
        return [];
    }
  });
}

function namedImport(lowering: Lowering, specifier: Node, module: string, node: Node): Import[] {
  const name = specifier.childForFieldName('name');
  if (name === null) {
    return [];
  }
  const written = textOf(lowering, name);
  const alias = specifier.childForFieldName('alias');
  const path = written === 'default' ? module : `${module}.${written}`;
  return [{ name: alias === null ? written : textOf(lowering, alias), path, span: spanOf(node) }];
}

/** What compilers put around `require`. */
const helpers = /^(?:\w+\.)?_+(?:importStar|importDefault|interopRequire(?:Default|Wildcard))$/;

/** The path of `require('m')` and of what is read from it: `require('m').a`. */
function requiredModule(lowering: Lowering, node: Node): string | undefined {
  switch (node.type) {
    case 'call_expression': {
      const callee = node.childForFieldName('function');
      const list = node.childForFieldName('arguments');
      const [argument] = list === null ? [] : partsOf(lowering, list);
      if (callee === null || argument === undefined) {
        return undefined;
      }
      const name = textOf(lowering, callee);
      if (name === 'require') {
        return argument.type === 'string' ? stringValue(lowering.text, argument) : undefined;
      }
      return helpers.test(name) ? requiredModule(lowering, argument) : undefined;
    }
    case 'member_expression': {
      const object = node.childForFieldName('object');
      const property = node.childForFieldName('property');
      const module = object === null ? undefined : requiredModule(lowering, object);
      return module === undefined || property === null
        ? undefined
        : memberPath(module, textOf(lowering, property));
    }
    case 'as_expression':
    case 'parenthesized_expression': {
      const [inner] = partsOf(lowering, node);
      return inner === undefined ? undefined : requiredModule(lowering, inner);
    }
    default:
      return undefined;
  }
}

/** `default` of a module is the module. */
function memberPath(module: string, name: string): string {
  return name === 'default' ? module : `${module}.${name}`;
}

/** Imports for the names of a pattern; undefined when it binds anything else. */
function boundNames(target: Target, path: string): Import[] | undefined {
  if (target.kind === 'name') {
    return [{ name: target.name, path, span: target.span }];
  }
  if (target.kind !== 'object') {
    return undefined;
  }
  const bound = target.entries.map(({ key, target: inner }) =>
    boundNames(inner, memberPath(path, key)),
  );
  return bound.some((each) => each === undefined) ? undefined : bound.flatMap((each) => each ?? []);
}
