import type { Node } from 'web-tree-sitter';
import type { ClassNode, Declaration, FunctionNode, Import, Program } from '../../program/syntax';
import { MemberNames } from '../shared/memberNames';
import { childrenOf, fieldOf, spanOf } from '../shared/nodes';
import { dottedPath } from '../shared/paths';
import { ClassTable, classFromInitial, classOf, readInitializers, withInitial } from './classes';
import { declaratorOf } from './declarators';
import { expressionOf } from './expressions';
import { functionOf } from './functions';
import { type Lowering, type Place, textOf } from './source';
import { blockOf } from './statements';
import { variablesOf } from './variables';

const lowering: Lowering = { expression: expressionOf, block: blockOf };

/** A file of C++. */
export function lower(root: Node, text: string): Program {
  const file = new FileReader(text);
  for (const node of childrenOf(root)) {
    file.read(node);
  }
  return file.program();
}

class FileReader {
  readonly #place: Place;
  readonly #table = new ClassTable();
  readonly #imports: Import[] = [];
  readonly #classes: ClassNode[] = [];
  readonly #functions: FunctionNode[] = [];
  readonly #statements: Declaration[] = [];
  /** Classes with methods that are defined outside of them. */
  readonly #owners = new Set<string>();

  constructor(text: string) {
    this.#place = { text, lowering, names: new MemberNames(undefined) };
  }

  program(): Program {
    const elsewhere = [...this.#owners]
      .filter((name) => !this.#table.knows(name))
      .flatMap((name) => classFromInitial(name, this.#table) ?? []);
    const classes = this.#classes.map((node) => withInitial(node, this.#table));
    return {
      imports: this.#imports,
      declarations: [...classes, ...elsewhere, ...this.#functions, ...this.#statements],
    };
  }

  read(node: Node): void {
    switch (node.type) {
      case 'preproc_include':
      case 'using_declaration':
      case 'namespace_alias_definition':
      case 'alias_declaration':
      case 'type_definition':
        for (const found of importOf(node, this.#place)) {
          this.#imports.push(found);
          this.#table.addFileName(found.name);
        }
        break;
      case 'class_specifier':
      case 'struct_specifier':
        this.#readClass(node);
        break;
      case 'function_definition':
        this.#readFunction(node);
        break;
      case 'declaration':
        this.#readClass(fieldOf(node, 'type') ?? node);
        for (const statement of variablesOf(node, this.#place)) {
          this.#statements.push({ kind: 'statement', statement });
          if (statement.kind === 'declare') {
            this.#table.addFileName(statement.name);
          } else if (statement.kind === 'assign' && statement.target.kind === 'name') {
            this.#table.addFileName(statement.target.name);
          }
        }
        break;
      default:
        if (
          /^(?:namespace_definition|linkage_specification|template_declaration|declaration_list|preproc_\w+)$/.test(
            node.type,
          )
        ) {
          for (const inner of childrenOf(node)) {
            this.read(inner);
          }
        }
    }
  }

  #readClass(node: Node): void {
    const found = classOf(node, this.#place, this.#table, undefined);
    if (found !== undefined) {
      this.#classes.push(found);
    }
  }

  #readFunction(node: Node): void {
    const nameNode = declaratorOf(fieldOf(node, 'declarator')).name;
    if (nameNode === undefined) {
      return;
    }
    const names = dottedPath(textOf(nameNode, this.#place)).split('.');
    const name = names.at(-1) ?? '';
    const owner = names.at(-2);
    if (owner === undefined) {
      this.#functions.push(functionOf(node, { name }, this.#place));
      this.#table.addFileName(name);
      return;
    }
    this.#owners.add(owner);
    const within = (self: string): Place => ({
      ...this.#place,
      names: new MemberNames(this.#table.surrounding(owner, self)),
    });
    const isConstructor = name === owner;
    if (isConstructor) {
      readInitializers(node, owner, within(owner), this.#table);
    }
    this.#functions.push(
      functionOf(
        node,
        { name: isConstructor ? '.ctor' : name, owner, isConstructor },
        within('this'),
      ),
    );
  }
}

/** `#include <a.h>` is the path `#a.h`; `using namespace a` brings all names of it; others bind one name. */
function importOf(node: Node, place: Place): Import[] {
  const span = spanOf(node);
  if (node.type === 'preproc_include') {
    const path = fieldOf(node, 'path');
    return path === undefined
      ? []
      : [{ name: '', path: `#${textOf(path, place).replace(/^[<"]|[>"]$/g, '')}`, span }];
  }
  if (node.type === 'using_declaration') {
    const path = dottedPath(
      childrenOf(node)
        .map((child) => textOf(child, place))
        .at(-1) ?? '',
    );
    const isAll = /^using\s+namespace\b/.test(textOf(node, place));
    return [{ name: isAll ? '*' : (path.split('.').at(-1) ?? ''), path, span }];
  }
  const name = fieldOf(node, 'name') ?? fieldOf(node, 'declarator');
  const target = fieldOf(node, 'type') ?? childrenOf(node).at(-1);
  return name === undefined || target === undefined
    ? []
    : [{ name: textOf(name, place), path: dottedPath(textOf(target, place)), span }];
}
