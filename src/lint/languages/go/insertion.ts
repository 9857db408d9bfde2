import type { TextEdit } from '../../finding';

export function insertion(at: number, text: string): TextEdit {
  return { span: { from: at, to: at }, text };
}
