import { nearest } from '../../grpc/nearest';
import { requestName } from '../../request/file/requestName';
import type { RequestNode } from '../../request/file/syntax';
import { Failure } from '../failure';
import type { LoadedFile } from './requestFile';

/** Which request of a file is meant; neither: the only one. */
export interface Choice {
  readonly name?: string | undefined;
  /** From 1. */
  readonly line?: number | undefined;
}

export function chooseRequest(loaded: LoadedFile, { name, line }: Choice): RequestNode {
  const { shown, file } = loaded;
  const { requests } = file;
  const [first] = requests;
  if (first === undefined) {
    throw new Failure(`${shown} has no request.`, {
      next: 'A request begins with a line "GRPC target/service/method".',
    });
  }
  if (name !== undefined) {
    return named(loaded, name);
  }
  if (line !== undefined) {
    const found = requests.findLast(({ span }) => loaded.lines.place(span.from).line <= line);
    if (found === undefined) {
      throw new Failure(`No request of ${shown} stands at line ${line}.`, {
        details: list(loaded),
      });
    }
    return found;
  }
  if (requests.length > 1) {
    throw new Failure(`${shown} has ${requests.length} requests.`, {
      details: list(loaded),
      next: 'Choose one with --name TITLE or --line N.',
    });
  }
  return first;
}

function named(loaded: LoadedFile, name: string): RequestNode {
  const { requests } = loaded.file;
  const found = requests.filter((request) => requestName(request) === name);
  const [first] = found;
  if (first === undefined) {
    const meant = nearest(name, requests.map(requestName));
    throw new Failure(`No request of ${loaded.shown} has the title "${name}".`, {
      details: list(loaded),
      ...(meant === undefined ? {} : { next: `Did you mean "${meant}"?` }),
    });
  }
  if (found.length > 1) {
    throw new Failure(`${found.length} requests of ${loaded.shown} have the title "${name}".`, {
      details: list(loaded),
      next: 'Choose one with --line N.',
    });
  }
  return first;
}

/** More requests than anybody reads. */
const listLimit = 20;

function list({ file, lines }: LoadedFile): string[] {
  const rows = file.requests
    .slice(0, listLimit)
    .map((request) => `line ${lines.place(request.line.span.from).line}: ${requestName(request)}`);
  const more = file.requests.length - listLimit;
  return more > 0 ? [...rows, `and ${more} more`] : rows;
}
