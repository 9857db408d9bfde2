import type { Environment, Output } from './environment';

/** Select Graphic Rendition codes (ECMA-48 8.3.117): on, off. */
const codes = {
  bold: [1, 22],
  dim: [2, 22],
  underline: [4, 24],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

export type Style = keyof typeof codes;

/** Puts a style on text, or leaves it as it is where colours are not wanted. */
export type Paint = (style: Style, text: string) => string;

export const plain: Paint = (_, text) => text;

const coloured: Paint = (style, text) => {
  const [on, off] = codes[style];
  return `\x1b[${on}m${text}\x1b[${off}m`;
};

export const colorChoices = ['auto', 'always', 'never'] as const;
export type ColorChoice = (typeof colorChoices)[number];

/** `auto` is a terminal that can show colours, unless NO_COLOR is set to anything (no-color.org). */
export function paintFor(
  choice: ColorChoice,
  { isTTY }: Pick<Output, 'isTTY'>,
  { variables }: Pick<Environment, 'variables'>,
): Paint {
  const may = isTTY && !variables.NO_COLOR && variables.TERM !== 'dumb';
  return choice === 'always' || (choice === 'auto' && may) ? coloured : plain;
}
