import type { RequestFile, RequestNode, Text } from '../../request/file/syntax';
import { Failure } from '../failure';
import { annotationsOf, headerOf, onCommandLine } from './requestOptions';

/** What options add to a request. */
export interface GivenOptions {
  /** As `parseArguments` gives them. */
  readonly values: Readonly<Record<string, unknown>>;
  /** `key: value` each. */
  readonly headers: readonly string[];
}

/** Stands for the file of a request that was written on the command line. */
export const noFile: RequestFile = {
  text: '',
  variables: [],
  annotations: [],
  requests: [],
  problems: [],
};

/** A request that was written on the command line, as if it stood in a file. */
export function commandRequest(target: string, method: string, given: GivenOptions): RequestNode {
  const { service, name } = methodParts(method);
  return withOptions(
    {
      span: onCommandLine,
      title: undefined,
      annotations: [],
      line: {
        span: onCommandLine,
        target: text(target),
        service: text(service),
        method: text(name),
      },
      metadata: [],
      messages: [],
    },
    given,
  );
}

/** A request with what the command line says besides: of an option that stands in both, the command line's counts. */
export function withOptions(node: RequestNode, { values, headers }: GivenOptions): RequestNode {
  return {
    ...node,
    annotations: [...node.annotations, ...annotationsOf(values)],
    metadata: [
      ...node.metadata,
      ...headers.map(headerOf).map(({ key, value }) => ({
        key: text(key),
        value: text(value),
        span: onCommandLine,
      })),
    ],
  };
}

export function text(written: string): Text {
  return { text: written, span: onCommandLine };
}

/** `market.v1.ListingService/GetListing`, or with a dot before the method, as grpcurl takes it too. */
function methodParts(written: string): { readonly service: string; readonly name: string } {
  const path = written.replace(/^\//, '');
  const slash = path.lastIndexOf('/');
  const end = slash >= 0 ? slash : path.lastIndexOf('.');
  const [service, name] = [path.slice(0, Math.max(0, end)), path.slice(end + 1)];
  if (service === '' || name === '') {
    throw new Failure(`"${written}" is no method.`, {
      next: 'Write it as package.Service/Method; "frameline list TARGET" shows which there are.',
    });
  }
  return { service, name };
}
