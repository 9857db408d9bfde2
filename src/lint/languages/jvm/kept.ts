import type { Scene } from '../../program/semantics';
import type { Span } from '../../program/syntax';
import { alternatives, type Value } from '../../program/value';
import { markedPlace } from './values';

/** Reports a stub, options, a context or a Deadline that is kept although its time runs from now. */
export function reportKept(name: string, value: Value, span: Span, scene: Scene): void {
  for (const option of alternatives(value)) {
    const made = option.kind === 'instance' ? markedPlace(option.properties.expires) : undefined;
    if (made !== undefined) {
      const { from, to } = scene.statement;
      const isHere = made.from >= from && made.to <= to;
      scene.report({ kind: 'misread', span: isHere ? made : span, message: keptMessage(name) });
    }
  }
}

export function keptMessage(name: string): string {
  return `A deadline counts from the moment it is set, and ${name} is kept: after that time every call with it fails with DEADLINE_EXCEEDED. Keep it without a deadline, and set one at each call.`;
}
