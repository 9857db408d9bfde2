import type { Node } from 'web-tree-sitter';
import type { Expression, Statement } from '../../program/syntax';
import { inner, type LanguagePlace } from '../jvm/place';
import { childOfType, fieldOf, other, spanOf } from '../shared/nodes';

/** One branch of a `switch`, and whether it is the one for everything else. */
interface Branch {
  readonly body: readonly Statement[];
  readonly isDefault: boolean;
}

/** `switch` as a statement. */
export function switchStatement(node: Node, place: LanguagePlace): Statement {
  const value = fieldOf(node, 'condition');
  const branches = branchesOf(node, place);
  return {
    kind: 'branches',
    ...(value === undefined ? {} : { value: place.lowering.expression(value, place) }),
    branches: branches.map(({ body }) => body),
    isExhaustive: branches.some(({ isDefault }) => isDefault),
    span: spanOf(node),
  };
}

/** `switch` as an expression: the value of one of its branches, and of those that throw none. */
export function switchValue(node: Node, place: LanguagePlace): Expression {
  const subject = fieldOf(node, 'condition');
  const branches = branchesOf(node, place);
  const giving = branches.filter(({ body }) => body.at(-1)?.kind === 'expression');
  return {
    kind: 'choice',
    condition: other(
      node,
      subject === undefined ? [] : [place.lowering.expression(subject, place)],
    ),
    options: giving.map(({ body }) => ({ kind: 'statements', body, span: spanOf(node) })),
    span: spanOf(node),
  };
}

function branchesOf(node: Node, place: LanguagePlace): Branch[] {
  const body = fieldOf(node, 'body');
  let groups: Node[] = [];
  const branches: Branch[] = [];
  for (const branch of body?.namedChildren ?? []) {
    if (branch.type === 'switch_rule') {
      branches.push({ body: ruleBody(branch, place), isDefault: isDefault(branch, place) });
    } else if (branch.type === 'switch_block_statement_group') {
      // A group without statements falls through to the next one.
      groups.push(branch);
      const statements = statementsIn(branch);
      const falls = branch.namedChildren.every(({ type }) => type === 'switch_label');
      if (!falls) {
        branches.push({
          body: blockOf(statements, place),
          isDefault: groups.some((group) => isDefault(group, place)),
        });
        groups = [];
      }
    }
  }
  return branches;
}

/** Without the `break` at the end, which leaves the switch only. */
function statementsIn(group: Node): Node[] {
  const statements = group.namedChildren.filter(
    ({ type }) => type !== 'switch_label' && !type.endsWith('comment'),
  );
  return statements.at(-1)?.type === 'break_statement' ? statements.slice(0, -1) : statements;
}

function isDefault(branch: Node, { file }: LanguagePlace): boolean {
  return branch.namedChildren.some(
    (child) =>
      child.type === 'switch_label' &&
      /^default\b|\bdefault$/.test(file.text.slice(child.startIndex, child.endIndex)),
  );
}

/** `case x -> value;`, `case x -> { … }`, `case x -> throw …`. */
function ruleBody(rule: Node, place: LanguagePlace): readonly Statement[] {
  const inside = inner(place);
  const block = childOfType(rule, 'block');
  return block === undefined
    ? blockOf(statementsIn(rule), inside)
    : place.lowering.block(block, inside);
}

function blockOf(statements: readonly Node[], place: LanguagePlace): readonly Statement[] {
  const inside = inner(place);
  return statements.flatMap((statement) => place.lowering.block(statement, inside));
}
