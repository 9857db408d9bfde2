/** A line of help: an option, and what it does. */
export type HelpRow = readonly [option: string, help: string];

/** Options and what they do, in two columns, wrapped at 120. */
export function helpRows(rows: readonly HelpRow[]): string {
  const width = 38;
  return rows
    .map(([option, help]) => {
      const lines = wrapped(help, 120 - width - 2);
      const first = `  ${option}`.padEnd(width);
      const head = first.length > width ? [first.trimEnd(), ...indent(lines, width)] : undefined;
      return (head ?? [`${first}${lines[0]}`, ...indent(lines.slice(1), width)]).join('\n');
    })
    .join('\n');
}

function indent(lines: readonly string[], width: number): string[] {
  return lines.map((line) => `${' '.repeat(width)}${line}`);
}

function wrapped(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(word);
    } else {
      lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
    }
  }
  return lines;
}
