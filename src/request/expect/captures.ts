import type { Annotation } from '../file/syntax';
import { parseCapture } from './parseExpectation';

/** Names of the variables that annotations give a value from an answer. */
export function capturedNames(annotations: readonly Annotation[]): string[] {
  return annotations.flatMap(({ name, value }) => {
    const parsed = name.text === 'capture' ? parseCapture(value.text, value.span) : undefined;
    return parsed?.ok ? [parsed.capture.name] : [];
  });
}
