import { escapePattern } from '../../escapePattern';
import type { ChannelFact } from '../../facts';
import type { Scene } from '../../program/semantics';
import type { Expression } from '../../program/syntax';

/** Whether the address of a channel is a variable that nothing in the loop around it binds: the same each time round. */
export function repeatsTarget(
  address: Expression | undefined,
  { loop, file }: Scene,
): Pick<ChannelFact, 'repeatsTarget'> {
  const name = nameOf(address);
  return loop !== undefined &&
    name !== undefined &&
    !binds(file.text.slice(loop.from, loop.to), name)
    ? { repeatsTarget: true }
    : {};
}

/** Of a variable, or of a constant of something: `settings.MARKET_ADDRESS`. */
function nameOf(address: Expression | undefined): string | undefined {
  if (address?.kind === 'name') {
    return address.name;
  }
  return address?.kind === 'member' && /^[A-Z][A-Z0-9_]*$/.test(address.name)
    ? address.name
    : undefined;
}

/** Whether a text of Python or Ruby seems to give the variable a value, whichever way it does. */
function binds(text: string, name: string): boolean {
  const own = `(?<![\\w.@$])${escapePattern(name)}(?!\\w)`;
  return [
    // `name =`, `name, other =`, `name: str =`, `name := `, `name += `
    `${own}\\s*(?:,[\\w\\s@.*,]*)?(?::[^=\\n]*)?[-+|:&]*=(?![=~>])`,
    // `for name in`, also of a comprehension
    `\\bfor\\b[^:=]*?${own}[^:=]*?\\bin\\b`,
    // `|name, other|`, `lambda name:`, `def connect(name)`, `with … as name`, `rescue … => name`
    `\\|[^|\\n]*${own}[^|\\n]*\\|`,
    `\\blambda\\b[^:]*${own}`,
    `\\bdef\\b[^\\n]*${own}`,
    `(?:\\bas|=>)\\s*\\(?[\\w\\s,]*${own}`,
  ].some((pattern) => new RegExp(pattern).test(text));
}
