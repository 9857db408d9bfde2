import type { Node } from 'web-tree-sitter';
import type {
  ClassNode,
  Declaration,
  Expression,
  FieldNode,
  FunctionNode,
  Import,
  Parameter,
  Program,
  Statement,
} from '../../program/syntax';
import { spanOf } from '../shared/nodes';
import { Expressions } from './expressions';
import { stringValue } from './literals';
import { type Part, partsOf, textOf } from './parts';
import { Statements } from './statements';
import { FileTypes, rememberTypes } from './types';

/** Lowers a file of Go. */
export function lower(root: Node, text: string): Program {
  const file = new FileLowering(text);
  for (const part of partsOf(root)) {
    file.add(part);
  }
  return file.program();
}

class FileLowering {
  readonly #source: string;
  readonly #types = new FileTypes();
  readonly #guessed: Import[] = [];
  readonly #imports: Import[] = [];
  readonly #declarations: Declaration[] = [];
  #packageName: string | undefined;

  constructor(source: string) {
    this.#source = source;
  }

  program(): Program {
    const program: Program = {
      // The later one of two with the same name counts: that whose name is sure.
      imports: [...this.#guessed, ...this.#imports],
      ...(this.#packageName === undefined ? {} : { packageName: this.#packageName }),
      declarations: this.#declarations,
      outline: this.#types.outline(),
    };
    rememberTypes(program, this.#types);
    return program;
  }

  add(part: Part): void {
    switch (part.type) {
      case 'package_clause': {
        const [name] = partsOf(part.node);
        this.#packageName = name === undefined ? undefined : textOf(name, this.#source);
        break;
      }
      case 'import_declaration':
        this.#import(part);
        break;
      case 'function_declaration':
      case 'method_declaration':
        this.#declarations.push(this.#function(part));
        break;
      case 'type_declaration':
        for (const spec of partsOf(part.node)) {
          this.#type(spec);
        }
        break;
      case 'var_declaration':
      case 'const_declaration':
        for (const statement of this.#statements([]).variables(part)) {
          this.#declarations.push({ kind: 'statement', statement });
        }
        break;
    }
  }

  #statements(results: readonly Parameter[]): Statements {
    const expressions = new Expressions(this.#source, (part, given) => this.#closure(part, given));
    const types = new Map<string, string>();
    return new Statements(
      expressions,
      types,
      results.map(({ name, type }) => {
        if (type !== undefined) {
          types.set(name, type);
        }
        return name;
      }),
    );
  }

  #import({ node }: Part): void {
    for (const part of partsOf(node)) {
      if (part.type === 'import_spec') {
        this.#importSpec(part);
      } else if (part.type === 'import_spec_list') {
        this.#import(part);
      }
    }
  }

  #importSpec({ node }: Part): void {
    const parts = partsOf(node);
    const path = parts.at(-1);
    if (path?.type.endsWith('_string_literal') !== true) {
      return;
    }
    const [alias] = parts.length > 1 ? parts : [];
    const of = stringValue(path, this.#source);
    const span = spanOf(node);
    if (alias === undefined) {
      const [name = of, ...others] = packageNames(of);
      this.#imports.push({ name, path: of, span });
      this.#guessed.push(...others.map((other) => ({ name: other, path: of, span })));
    } else if (alias.type === 'dot') {
      this.#imports.push({ name: '*', path: of, span });
    } else if (alias.type === 'package_identifier') {
      this.#imports.push({ name: textOf(alias, this.#source), path: of, span });
    }
  }

  #type({ node, type }: Part): void {
    if (type !== 'type_spec' && type !== 'type_alias') {
      return;
    }
    const parts = partsOf(node);
    const [first] = parts;
    const definition = parts.at(-1);
    if (first === undefined || definition === undefined) {
      return;
    }
    const name = textOf(first, this.#source);
    if (definition.type === 'struct_type') {
      const struct = this.#struct(name, node, definition);
      this.#types.structs.set(name, struct);
      this.#declarations.push(struct);
    } else if (definition.type === 'interface_type') {
      this.#types.interfaces.set(name, textOf(definition, this.#source));
    } else {
      this.#types.aliases.set(name, textOf(definition, this.#source));
    }
  }

  #struct(name: string, node: Node, definition: Part): ClassNode {
    const supers: string[] = [];
    const fields: FieldNode[] = [];
    const [list] = partsOf(definition.node);
    for (const part of list === undefined ? [] : partsOf(list.node)) {
      if (part.type !== 'field_declaration') {
        continue;
      }
      const parts = partsOf(part.node);
      const names = parts.filter(({ type }) => type === 'field_identifier');
      const typePart = parts[names.length];
      const type = typePart === undefined ? undefined : textOf(typePart, this.#source);
      const span = spanOf(part.node);
      const known = { ...(type === undefined ? {} : { type }), annotations: [], isStatic: false };
      if (names.length === 0 && type !== undefined) {
        supers.push(type);
        // An embedded type is a field with the last part of its name.
        fields.push({ name: type.slice(type.lastIndexOf('.') + 1), ...known, span });
      }
      for (const each of names) {
        fields.push({ name: textOf(each, this.#source), ...known, span });
      }
    }
    return {
      kind: 'class',
      name,
      supers,
      annotations: [],
      fields,
      methods: [],
      classes: [],
      span: spanOf(node),
    };
  }

  #function({ node, type }: Part): FunctionNode {
    const parts = partsOf(node).filter((part) => part.type !== 'type_parameter_list');
    const receiver = type === 'method_declaration' ? parts.shift() : undefined;
    const [name, parameters, ...rest] = parts;
    const body = rest.at(-1)?.type === 'block' ? rest.pop() : undefined;
    const [self] = receiver === undefined ? [] : this.#parameters(receiver);
    const owner = self?.type?.replace(/^\*\s*/, '').replace(/\[[\s\S]*$/, '');
    return this.#made({
      name: name === undefined ? '' : textOf(name, this.#source),
      ...(owner === undefined ? {} : { owner }),
      ...(self === undefined || self.name === '' || self.name === '_' ? {} : { self: self.name }),
      node,
      parameters: parameters === undefined ? [] : this.#parameters(parameters),
      result: rest[0],
      body,
    });
  }

  #closure({ node }: Part, given: readonly Expression[] = []): FunctionNode {
    const [parameters, ...rest] = partsOf(node);
    const body = rest.at(-1)?.type === 'block' ? rest.pop() : undefined;
    const all = parameters === undefined ? [] : this.#parameters(parameters);
    return this.#made({
      name: '',
      node,
      parameters: all.map((parameter, at) => passed(parameter, given[at])),
      result: rest[0],
      body,
    });
  }

  #made(of: {
    name: string;
    owner?: string;
    self?: string;
    node: Node;
    parameters: readonly Parameter[];
    result: Part | undefined;
    body: Part | undefined;
  }): FunctionNode {
    const { node, result, body, ...rest } = of;
    const results = result?.type === 'parameter_list' ? this.#parameters(result) : [];
    const named = results.filter(({ name }) => name !== '' && name !== '_');
    let lowered: readonly Statement[] | undefined;
    return {
      kind: 'function',
      ...rest,
      ...(result === undefined ? {} : { returnType: textOf(result, this.#source) }),
      annotations: [],
      span: spanOf(node),
      bodySpan: spanOf((body ?? { node }).node),
      body: () => {
        lowered ??= [
          ...named.map(
            ({ name, type, span }): Statement => ({
              kind: 'declare',
              name,
              ...(type === undefined ? {} : { type }),
              span,
            }),
          ),
          ...this.#statements(named.length === results.length ? named : []).block(body),
        ];
        return lowered;
      },
    };
  }

  /** Parameters or results; `a, b T` are two with the same type, and one without a name has ''. */
  #parameters(list: Part): Parameter[] {
    if (list.type !== 'parameter_list') {
      return [];
    }
    return partsOf(list.node).flatMap((part) => {
      const parts = partsOf(part.node);
      const type = parts.at(-1);
      if (type === undefined) {
        return [];
      }
      const isRest = part.type === 'variadic_parameter_declaration';
      const written = textOf(type, this.#source);
      const names = parts.slice(0, -1);
      const all = names.length === 0 ? [''] : names.map((name) => textOf(name, this.#source));
      return all.map((name) => ({
        name,
        type: isRest ? `[]${written}` : written,
        ...(isRest ? { isRest } : {}),
        span: spanOf(part.node),
      }));
    });
  }
}

/**
 * A parameter of a function that is called where it is written: `go func(ctx context.Context) {…}(ctx)`. A
 * context is then the one that is given, not that of an unknown caller.
 */
function passed(parameter: Parameter, value: Expression | undefined): Parameter {
  if (value === undefined || parameter.isRest === true) {
    return parameter;
  }
  const { type, ...rest } = parameter;
  return type === 'context.Context' ? { ...rest, value } : { ...parameter, value };
}

/**
 * Names that the package of a path may have; the path doesn't say it, but there are customs: the last part, without
 * `go-` or a version, and for generated code what comes before the version with it.
 */
function packageNames(path: string): readonly string[] {
  const parts = path.split('/');
  const last = parts.at(-1) ?? '';
  const before = parts.at(-2) ?? '';
  if (/^v\d/.test(last) && before !== '') {
    return [plain(before), last, `${plain(before)}${last}`, `${plain(before)}pb`];
  }
  return [plain(last)];
}

function plain(part: string): string {
  return part
    .replace(/^go-|-go$|\.go$/g, '')
    .replace(/\.v\d+$/, '')
    .replaceAll(/[-.]/g, '');
}
