import { annotationSpec } from './annotations';
import type { Annotation, RequestFile, RequestNode } from './syntax';

/** They say that there is TLS: a request that has one takes no `@plaintext` from the preamble, and the other way round. */
const ofTls = ['insecure', 'ca', 'cert', 'key'];

/**
 * What holds for a request: its own annotations, and those of the preamble that it doesn't name itself. Of one that
 * can't be repeated the last counts.
 */
export function effectiveAnnotations(
  { annotations }: Pick<RequestFile, 'annotations'>,
  request: Pick<RequestNode, 'annotations'>,
): Annotation[] {
  const own = new Set(request.annotations.map(({ name }) => name.text));
  const replaced = new Set(own);
  if (own.has('plaintext')) {
    for (const name of ofTls) {
      replaced.add(name);
    }
  } else if (ofTls.some((name) => own.has(name))) {
    replaced.add('plaintext');
  }
  const inherited = annotations.filter(({ name }) => !replaced.has(name.text));
  return lastOfEach([...inherited, ...request.annotations]);
}

function lastOfEach(annotations: readonly Annotation[]): Annotation[] {
  const last = new Map(annotations.map((annotation) => [annotation.name.text, annotation]));
  return annotations.filter(
    (annotation) =>
      annotationSpec(annotation.name.text)?.repeatable === true ||
      last.get(annotation.name.text) === annotation,
  );
}
