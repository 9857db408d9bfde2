import type { Node } from 'web-tree-sitter';
import type { Declaration, Program } from '../../program/syntax';
import { classNode, functionNode } from './definitions';
import { partsOf } from './parts';
import { FileNames } from './scopes';
import { Statements } from './statements';

/** Lowers one file of Ruby. `require` binds no names: what a constant is, its path says. */
export function lower(root: Node, text: string): Program {
  const file = new FileNames();
  const statements = new Statements({ names: file.variables, owner: undefined, file }, false);
  const declarations: Declaration[] = globalVariables(text);
  const add = (node: Node): void => {
    switch (node.type) {
      case 'method':
        declarations.push(functionNode(node, undefined, file, []));
        return;
      case 'class':
      case 'module':
        declarations.push(classNode(node, undefined, file));
        return;
      default:
        for (const statement of statements.lower(node)) {
          declarations.push({ kind: 'statement', statement });
        }
    }
  };
  partsOf(root).forEach(add);
  return { imports: [], declarations };
}

/** `$stub` belongs to the file, wherever it is assigned. */
function globalVariables(text: string): Declaration[] {
  const names = new Map<string, number>();
  for (const { 0: name, index } of text.matchAll(/\$[a-z_]\w*(?=\s*(?:\|\|)?=[^=~>])/g)) {
    names.set(name, index);
  }
  return [...names].map(([name, from]) => ({
    kind: 'statement',
    statement: { kind: 'declare', name, span: { from, to: from + name.length } },
  }));
}
