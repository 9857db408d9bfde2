import { note, report } from '../report';
import type { Taken } from './programs';

/** Prints a row: Frameline's figure, grpcurl's, and their ratio beside its target. */
export function compare(what: string, ours: number, theirs: number, unit: string, most: number) {
  const ratio = ours / theirs;
  report(
    what,
    `${ours.toFixed(0)} / ${theirs.toFixed(0)} ${unit} = ${ratio.toFixed(2)}`,
    `<= ${most}`,
    ratio <= most,
  );
}

/** What programs that wait for nobody took of the processors. */
export function noteProcessor(what: string, ours: Taken, theirs: Taken): void {
  const ratio = ours.processor / theirs.processor;
  note(
    `${what}, of the processors`,
    `${ours.processor.toFixed(0)} / ${theirs.processor.toFixed(0)} ms = ${ratio.toFixed(2)}`,
  );
}
