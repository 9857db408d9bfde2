import type { Node } from 'web-tree-sitter';
import type { Declaration, Import, Program } from '../../program/syntax';
import { FunctionNames } from '../shared/functionNames';
import { fieldOf } from '../shared/nodes';
import { classNode, functionNode } from './definitions';
import { Expressions } from './expressions';
import { importedNames } from './imports';
import { Statements } from './statements';

/** Lowers one file of Python. */
export function lower(root: Node): Program {
  const names = new FunctionNames(undefined);
  const statements = new Statements({ names, yieldsOnce: false });
  const imports: Import[] = [];
  const declarations: Declaration[] = [];
  const add = (node: Node): void => {
    switch (node.type) {
      case 'import_statement':
      case 'import_from_statement':
        imports.push(...importedNames(node));
        return;
      case 'future_import_statement':
        return;
      case 'function_definition':
      case 'class_definition':
      case 'decorated_definition':
        declarations.push(definition(node, names));
        return;
      default:
        imports.push(...importsIn(node));
        for (const statement of statements.lower(node)) {
          declarations.push({ kind: 'statement', statement });
        }
    }
  };
  Expressions.parts(root).forEach(add);
  return { imports, declarations };
}

function definition(node: Node, names: FunctionNames): Declaration {
  const inner = node.type === 'decorated_definition' ? fieldOf(node, 'definition') : node;
  return inner?.type === 'class_definition'
    ? classNode(inner, node, names, Statements)
    : functionNode(inner ?? node, node, names, Statements);
}

/** Statements in which a file imports what it may have: `if TYPE_CHECKING:`, `try: … except ImportError:`. */
const guards = new Set(['if_statement', 'try_statement']);

function importsIn(node: Node): Import[] {
  return guards.has(node.type)
    ? node.descendantsOfType(['import_statement', 'import_from_statement']).flatMap(importedNames)
    : [];
}
