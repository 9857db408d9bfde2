/** Whether a value stands there itself, and no reference to one. */
export function isLiteral(text: string): boolean {
  return text !== '' && !text.includes('{{');
}
