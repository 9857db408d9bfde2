/** What the user wrote, in quotes and short enough for one line of a message. */
export function quote(text: string): string {
  return `"${text.length > 40 ? `${text.slice(0, 40)}…` : text}"`;
}
