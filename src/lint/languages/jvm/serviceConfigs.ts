import type { Scene } from '../../program/semantics';
import type { Span } from '../../program/syntax';
import { alternatives, type Value } from '../../program/value';
import { serviceConfigFact } from '../shared/serviceConfig';

/** Reports what `defaultServiceConfig` gets. */
export function reportServiceConfig(value: Value, span: Span, scene: Scene): void {
  for (const config of alternatives(value)) {
    const fact = serviceConfigFact('grpc-java', config, span);
    if (fact !== undefined) {
      scene.report(fact);
      reportNumbers(config, scene);
    }
  }
}

/**
 * grpc-java's ManagedChannelImplBuilder.checkMapEntryTypes throws IllegalArgumentException for a number that is
 * no Double.
 */
function reportNumbers(value: Value, scene: Scene): void {
  if (value.kind === 'object') {
    for (const entry of value.entries.values()) {
      reportNumbers(entry.value, scene);
    }
  } else if (value.kind === 'list') {
    for (const item of value.items) {
      reportNumbers(item, scene);
    }
  } else if (value.kind === 'constant' && typeof value.value === 'number') {
    const { span } = value;
    const written = scene.file.text.slice(span.from, span.to);
    if (/^[\d_]+[lL]?$|[fF]$/.test(written)) {
      const text = `${value.value}${Number.isInteger(value.value) ? '.0' : ''}`;
      scene.report({
        kind: 'option',
        span,
        message: `defaultServiceConfig takes numbers as Double only: this ${kindOf(written)} makes it throw an IllegalArgumentException.`,
        replacement: { title: `Write ${text}`, span, text },
      });
    }
  }
}

function kindOf(written: string): string {
  return /[fF]$/.test(written) ? 'Float' : /[lL]$/.test(written) ? 'Long' : 'Integer';
}
