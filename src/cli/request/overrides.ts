import { namePattern } from '../../request/file/name';
import { Failure } from '../failure';

/** The variables that `--var` gives. */
export function overridesOf(given: readonly string[] = []): ReadonlyMap<string, string> {
  return new Map(
    given.map((text) => {
      const at = text.indexOf('=');
      const name = text.slice(0, Math.max(0, at));
      if (!namePattern.test(name)) {
        throw new Failure(`--var ${text} gives no variable a value.`, {
          next: 'Write it as --var name=value.',
        });
      }
      return [name, text.slice(at + 1)];
    }),
  );
}
