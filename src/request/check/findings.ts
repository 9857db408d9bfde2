import { nearest } from '../../grpc/nearest';
import type { Span } from '../file/syntax';
import type { RequestFinding } from './surroundings';

export function error(code: string, span: Span, message: string): RequestFinding {
  return { severity: 'error', code, span, message };
}

export function warning(code: string, span: Span, message: string): RequestFinding {
  return { severity: 'warning', code, span, message };
}

/** Names that are listed in a message at most. */
const listed = 12;

/** `Did you mean x?` where one of the names is near, else which names there are. */
export function hintAt(name: string, names: readonly string[]): string {
  const meant = nearest(name, names);
  if (meant !== undefined) {
    return `Did you mean ${meant}?`;
  }
  if (names.length === 0) {
    return 'There are none.';
  }
  const more = names.length > listed ? `, and ${names.length - listed} more` : '';
  const all = names.slice(0, listed).join(', ');
  return names.length === 1 ? `There is ${all}.` : `There are ${all}${more}.`;
}

/** A span inside a text that stands at `base`. */
export function shifted({ from, to }: Span, base: number): Span {
  return { from: base + from, to: base + to };
}
