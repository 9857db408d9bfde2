import type { RequestDraft } from '../draft';
import type { SyntaxProblem } from '../file/syntax';
import { DraftBuilder, type ImportOptions } from './draftBuilder';
import { findGrpcurl, refuseOtherShells } from './findCommand';
import { ShellError } from './shellSyntax';
import { readShell } from './shellWords';

export type GrpcurlImport =
  | {
      readonly ok: true;
      readonly draft: RequestDraft;
      /** What was not taken over, or has to be looked at: a sentence each. */
      readonly notes: readonly string[];
    }
  /** The place is in the command. */
  | { readonly ok: false; readonly problem: SyntaxProblem };

/** Longer than any system takes as a command line. */
const longestCommand = 4 * 1024 * 1024;

/** Reads a command of grpcurl as it stands in a terminal, a script or a page. Runs and expands nothing. */
export function importGrpcurl(command: string, options: ImportOptions): GrpcurlImport {
  const text = withPlainLineEnds(command);
  try {
    if (text.length > longestCommand) {
      throw new ShellError('The text is too long for a command.', { from: 0, to: 0 });
    }
    refuseOtherShells(text);
    const found = findGrpcurl(readShell(text));
    if (found === undefined) {
      const start = text.search(/\S|$/);
      throw new ShellError(
        'There is no command of grpcurl. Copy it as a whole, from the word grpcurl on.',
        { from: start, to: text.length },
      );
    }
    return { ok: true, ...new DraftBuilder(found, options, text.trimEnd().length).build() };
  } catch (error) {
    if (!(error instanceof ShellError)) {
      throw error;
    }
    const { from, to } = error.span;
    const span = { from: placeIn(command, from), to: placeIn(command, to) };
    return { ok: false, problem: { span, message: error.message } };
  }
}

/** Whether a text is meant as a command of grpcurl, sound or not. */
export function isGrpcurlCommand(text: string): boolean {
  if (text.length > longestCommand || !text.includes('grpcurl')) {
    return false;
  }
  try {
    return findGrpcurl(readShell(withPlainLineEnds(text))) !== undefined;
  } catch {
    return /^\s*(?:[$%]\s+|PS [^>\n]*>\s*)?(?:\S*[\\/])?grpcurl(?:\.exe)?\s/.test(text);
  }
}

function withPlainLineEnds(text: string): string {
  return text.replaceAll('\r\n', '\n');
}

/** The place in a text that `withPlainLineEnds` made of it. */
function placeIn(text: string, offset: number): number {
  let at = 0;
  for (let left = offset; left > 0; left--) {
    at += text.startsWith('\r\n', at) ? 2 : 1;
  }
  return at;
}
