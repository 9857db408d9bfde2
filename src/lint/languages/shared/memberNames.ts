import type { Expression, Span } from '../../program/syntax';

/** A class, by whose members a plain name can be meant inside it. */
export interface Surrounding {
  readonly members: { has(name: string): boolean };
  /** What a member belongs to when it is written without an object: `this`, or the name of an outer class. */
  readonly self: string;
  readonly outer?: Surrounding | undefined;
}

/**
 * The variables of one block and of those around it: in C#, C++, Java and Kotlin a name that is none of them can
 * be a member of the object, written without `this`.
 */
export class MemberNames {
  readonly #variables = new Set<string>();
  readonly #around: MemberNames | undefined;
  readonly #surrounding: Surrounding | undefined;

  constructor(surrounding: Surrounding | undefined, around?: MemberNames) {
    this.#surrounding = surrounding;
    this.#around = around;
  }

  /** Those of a block inside. */
  inner(): MemberNames {
    return new MemberNames(this.#surrounding, this);
  }

  declare(name: string): void {
    this.#variables.add(name);
  }

  isVariable(name: string): boolean {
    for (let each: MemberNames | undefined = this; each !== undefined; each = each.#around) {
      if (each.#variables.has(name)) {
        return true;
      }
    }
    return false;
  }

  /** The name, or the member of an object that it stands for. */
  expression(name: string, span: Span): Expression {
    const self = this.isVariable(name) ? undefined : ownerOf(name, this.#surrounding);
    const plain: Expression = { kind: 'name', name, span };
    return self === undefined
      ? plain
      : {
          kind: 'member',
          object: { kind: 'name', name: self, span: { from: span.from, to: span.from } },
          name,
          nameSpan: span,
          span,
        };
  }
}

function ownerOf(name: string, surrounding: Surrounding | undefined): string | undefined {
  for (let each = surrounding; each !== undefined; each = each.outer) {
    if (each.members.has(name)) {
      return each.self;
    }
  }
  return undefined;
}
