import type { RequestFile, Span, Text } from '../../src/request/file/syntax';

/** A request file's tree as text that people can compare. */
export function requestTree(file: RequestFile): string {
  const lines: string[] = [];
  const place = ({ from }: Span): string => {
    const before = file.text.slice(0, from).split('\n');
    return `${before.length}:${(before.at(-1) ?? '').length + 1}`;
  };
  const add = (depth: number, what: string, ...texts: readonly Text[]): void => {
    lines.push(
      `${'  '.repeat(depth)}${[what, ...texts.map(({ text }) => JSON.stringify(text))].join(' ')}`,
    );
  };
  for (const { name, value } of file.variables) {
    add(0, 'variable', name, value);
  }
  for (const { name, value } of file.annotations) {
    add(0, 'annotation', name, value);
  }
  for (const { title, annotations, line, metadata, messages, span } of file.requests) {
    add(0, `request ${place(span)}`, ...(title ? [title] : []));
    add(1, 'line', line.target, line.service, line.method);
    for (const { name, value } of annotations) {
      add(1, 'annotation', name, value);
    }
    for (const { key, value } of metadata) {
      add(1, 'metadata', key, value);
    }
    for (const message of messages) {
      const { wait } = message;
      const pause =
        wait && (wait.kind === 'answers' ? `${wait.count} answers` : `${wait.milliseconds}ms`);
      const text =
        message.kind === 'json' ? JSON.stringify(message.json) : `< ${message.path.text}`;
      add(1, `message${pause === undefined ? '' : ` after ${pause}`} ${text}`);
    }
  }
  for (const { span, message } of file.problems) {
    lines.push(
      `problem ${place(span)} ${JSON.stringify(file.text.slice(span.from, span.to))}: ${message}`,
    );
  }
  return lines.join('\n');
}
