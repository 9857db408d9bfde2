const letters: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '0': '\0',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  v: '\v',
};

const escaped =
  /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|u\{([0-9a-fA-F]{1,6})\}|x([0-9a-fA-F]{1,4})|(\r?\n[ \t]*)|([\s\S]))/g;

/** The text that a string with escapes stands for, as C#, C++ and Rust have them. */
export function unescaped(text: string): string {
  return text.replace(escaped, (_, short, long, braced, hex, line, letter: string | undefined) => {
    if (line !== undefined) {
      return '';
    }
    const code: string | undefined = short ?? long ?? braced ?? hex;
    if (code === undefined) {
      return letters[letter ?? ''] ?? letter ?? '';
    }
    const point = Number.parseInt(code, 16);
    return point > 0x10ffff ? '' : String.fromCodePoint(point);
  });
}
