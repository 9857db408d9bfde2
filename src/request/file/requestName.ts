import type { RequestNode } from './syntax';

/** What people call a request: its title, or its method. Empty where neither is written yet. */
export function requestName({ title, line }: Pick<RequestNode, 'title' | 'line'>): string {
  return title?.text ?? line.method.text;
}
