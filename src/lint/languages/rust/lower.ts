import type { Node } from 'web-tree-sitter';
import type {
  ClassNode,
  Declaration,
  FieldNode,
  FunctionNode,
  Import,
  Program,
} from '../../program/syntax';
import { childrenOf, fieldOf, spanOf } from '../shared/nodes';
import { dottedPath } from '../shared/paths';
import { bodyOf, expressionOf } from './blocks';
import { annotationText, functionOf } from './functions';
import { type Lowering, type Place, textOf, typeText } from './source';

const lowering: Lowering = { expression: expressionOf, body: bodyOf };

/** A file of Rust. */
export function lower(root: Node, text: string): Program {
  const file = new FileReader(text);
  file.read(childrenOf(root));
  return file.program();
}

class FileReader {
  readonly #place: Place;
  readonly #imports: Import[] = [];
  readonly #structs: ClassNode[] = [];
  readonly #functions: FunctionNode[] = [];
  readonly #statements: Declaration[] = [];
  /** Constants of `impl` blocks, by type. */
  readonly #constants = new Map<string, FieldNode[]>();

  constructor(text: string) {
    this.#place = { text, lowering };
  }

  program(): Program {
    const structs = this.#structs.map((struct) => ({
      ...struct,
      fields: [...struct.fields, ...(this.#constants.get(struct.name) ?? [])],
    }));
    return {
      imports: this.#imports,
      declarations: [...structs, ...this.#functions, ...this.#statements],
    };
  }

  /** Items, each with the attributes that stand before it. */
  read(nodes: readonly Node[]): void {
    let attributes: string[] = [];
    for (const node of nodes) {
      if (node.type === 'attribute_item') {
        attributes.push(annotationText(node, this.#place));
        continue;
      }
      this.#item(node, attributes);
      attributes = [];
    }
  }

  #item(node: Node, attributes: readonly string[]): void {
    const place = this.#place;
    switch (node.type) {
      case 'use_declaration': {
        const tree = fieldOf(node, 'argument');
        if (tree !== undefined) {
          this.#use(tree, '');
        }
        break;
      }
      case 'mod_item': {
        const body = fieldOf(node, 'body');
        // Tests next to the code they test.
        if (body !== undefined && !attributes.some((each) => /^cfg\(.*\btest\b/.test(each))) {
          this.read(childrenOf(body));
        }
        break;
      }
      case 'struct_item':
        this.#structs.push(structOf(node, attributes, place));
        break;
      case 'impl_item':
        this.#impl(node, attributes);
        break;
      case 'trait_item':
        this.#impl(node, attributes, fieldOf(node, 'name'));
        break;
      case 'function_item': {
        const name = fieldOf(node, 'name');
        this.#functions.push(
          functionOf(
            node,
            { name: name === undefined ? '' : textOf(name, place), annotations: attributes },
            place,
          ),
        );
        break;
      }
      case 'const_item':
      case 'static_item':
        this.#constant(node);
        break;
      case 'type_item': {
        const name = fieldOf(node, 'name');
        const type = fieldOf(node, 'type');
        if (name !== undefined && type !== undefined) {
          this.#bind(textOf(name, place), dottedPath(textOf(type, place)), node);
        }
        break;
      }
      case 'foreign_mod_item':
        this.read(childrenOf(fieldOf(node, 'body') ?? node));
        break;
    }
  }

  #bind(name: string, path: string, node: Node): void {
    this.#imports.push({ name, path, span: spanOf(node) });
  }

  /** `a::{self as b, C, d::{E as F, *}}`, below what `before` has of the path. */
  #use(node: Node, before: string): void {
    const place = this.#place;
    const joined = (inner: string) => (before === '' ? inner : `${before}.${inner}`);
    const ofPath = (path: Node | undefined) =>
      path === undefined ? '' : dottedPath(textOf(path, place));
    switch (node.type) {
      case 'scoped_use_list': {
        const path = ofPath(fieldOf(node, 'path'));
        const list = fieldOf(node, 'list');
        for (const child of list === undefined ? [] : childrenOf(list)) {
          this.#use(child, path === '' ? before : joined(path));
        }
        break;
      }
      case 'use_list':
        for (const child of childrenOf(node)) {
          this.#use(child, before);
        }
        break;
      case 'use_as_clause': {
        const path = ofPath(fieldOf(node, 'path'));
        const alias = fieldOf(node, 'alias');
        if (alias !== undefined) {
          this.#bind(textOf(alias, place), path === 'self' ? before : joined(path), node);
        }
        break;
      }
      case 'use_wildcard':
        this.#bind(
          '*',
          ofPath(childrenOf(node)[0]) === '' ? before : joined(ofPath(childrenOf(node)[0])),
          node,
        );
        break;
      default: {
        const path = dottedPath(textOf(node, place));
        const whole = path === 'self' ? before : joined(path);
        this.#bind(whole.slice(whole.lastIndexOf('.') + 1), whole, node);
      }
    }
  }

  #impl(node: Node, attributes: readonly string[], typeNode = fieldOf(node, 'type')): void {
    const written = typeNode === undefined ? '' : textOf(typeNode, this.#place);
    const owner = dottedPath(written).split('.').at(-1) ?? '';
    const place: Place = { ...this.#place, selfType: owner };
    let own: string[] = [];
    for (const member of childrenOf(fieldOf(node, 'body') ?? node)) {
      if (member.type === 'attribute_item') {
        own.push(annotationText(member, place));
        continue;
      }
      const name = fieldOf(member, 'name');
      if (member.type === 'function_item' && name !== undefined) {
        const annotations = [...attributes, ...own];
        this.#functions.push(
          functionOf(member, { name: textOf(name, place), owner, annotations }, place),
        );
      } else if (member.type === 'const_item') {
        const fields = this.#constants.get(owner) ?? [];
        this.#constants.set(owner, [...fields, ...constantOf(member, place)]);
      }
      own = [];
    }
  }

  #constant(node: Node): void {
    const [field] = constantOf(node, this.#place);
    if (field?.value === undefined) {
      return;
    }
    const { name, type, value } = field;
    this.#statements.push({
      kind: 'statement',
      statement: {
        kind: 'assign',
        target: {
          kind: 'name',
          name,
          ...(type === undefined ? {} : { type }),
          span: spanOf(node),
        },
        value,
        declares: true,
        span: spanOf(node),
      },
    });
  }
}

function constantOf(node: Node, place: Place): FieldNode[] {
  const name = fieldOf(node, 'name');
  const type = typeText(fieldOf(node, 'type'), place);
  const value = fieldOf(node, 'value');
  return name === undefined
    ? []
    : [
        {
          name: textOf(name, place),
          ...(type === undefined ? {} : { type }),
          ...(value === undefined ? {} : { value: expressionOf(value, place) }),
          annotations: [],
          isStatic: true,
          span: spanOf(node),
        },
      ];
}

/** The fields of a tuple struct are called `0`, `1`. */
function structOf(node: Node, annotations: readonly string[], place: Place): ClassNode {
  const name = fieldOf(node, 'name');
  const body = fieldOf(node, 'body');
  const named = body === undefined ? [] : childrenOf(body);
  const types =
    body?.type === 'ordered_field_declaration_list' ? body.childrenForFieldName('type') : [];
  const fields =
    types.length > 0
      ? types.map((type, at) => fieldNode(String(at), type, type, place))
      : named.flatMap((field) => {
          const fieldName = fieldOf(field, 'name');
          return field.type !== 'field_declaration' || fieldName === undefined
            ? []
            : [fieldNode(textOf(fieldName, place), fieldOf(field, 'type'), field, place)];
        });
  return {
    kind: 'class',
    name: name === undefined ? '' : textOf(name, place),
    supers: [],
    annotations,
    fields,
    methods: [],
    classes: [],
    span: spanOf(node),
  };
}

function fieldNode(name: string, type: Node | undefined, node: Node, place: Place): FieldNode {
  const written = typeText(type, place);
  return {
    name,
    ...(written === undefined ? {} : { type: written }),
    annotations: [],
    isStatic: false,
    span: spanOf(node),
  };
}
