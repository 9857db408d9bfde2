import { capturedNames } from '../../request/expect/captures';
import { effectiveAnnotations } from '../../request/file/effectiveAnnotations';
import type { RequestFile, RequestNode } from '../../request/file/syntax';
import { variableNames } from '../../request/variables/references';

/**
 * The chosen requests in the order of the file, and those before them whose answers they need: a request that refers
 * to a value needs the last one above it that captures it, and what that one needs.
 */
export function neededRequests(
  file: RequestFile,
  chosen: ReadonlySet<RequestNode>,
): readonly RequestNode[] {
  const captured = file.requests.map((node) => new Set(capturedNames(node.annotations)));
  const needed = new Set<number>();
  const add = (index: number): void => {
    const node = file.requests[index];
    if (node === undefined || needed.has(index)) {
      return;
    }
    needed.add(index);
    for (const name of usedNames(file, node)) {
      add(captured.findLastIndex((names, at) => at < index && names.has(name)));
    }
  };
  for (const [index, node] of file.requests.entries()) {
    if (chosen.has(node)) {
      add(index);
    }
  }
  return file.requests.filter((_, index) => needed.has(index));
}

/** Whether an answer is held to something. */
export function hasExpectations(file: RequestFile, node: RequestNode): boolean {
  return effectiveAnnotations(file, node).some(({ name }) => name.text === 'expect');
}

/** All names that a request refers to, also by way of the file's variables. */
function usedNames(file: RequestFile, node: RequestNode): ReadonlySet<string> {
  const names = new Set<string>();
  const add = (text: string): void => {
    for (const used of variableNames(text)) {
      if (!names.has(used)) {
        names.add(used);
        add(file.variables.find(({ name }) => name.text === used)?.value.text ?? '');
      }
    }
  };
  add(file.text.slice(node.span.from, node.span.to));
  for (const { value } of effectiveAnnotations(file, node)) {
    add(value.text);
  }
  return names;
}
