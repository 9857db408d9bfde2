import type { Scene, Site } from '../../program/semantics';
import {
  alternatives,
  bestDeadline,
  type Deadline,
  type Instance,
  joinDeadlines,
  unknown,
  type Value,
} from '../../program/value';
import { reportCall } from '../shared/report';

/** Methods of every generated client that give it back. */
const settings =
  /^(?:max_decoding_message_size|max_encoding_message_size|send_compressed|accept_compressed)$/;

/** Methods of any value that could be taken for an RPC of a service that nobody knows. */
const common =
  /^(?:clone|to_owned|borrow|borrow_mut|as_ref|as_mut|into|lock|read|write|ready|poll_ready|call|eq|cmp|fmt)$/;

/** Whether a method of a client is an RPC: it takes one argument, the request. */
export function isRpc({ service }: Instance, site: Site, { file }: Scene): boolean {
  const { method, arguments: args } = site;
  if (args.length !== 1 || settings.test(method)) {
    return false;
  }
  return service !== undefined && file.index.hasService(service)
    ? file.index.rpcs(method, service).length > 0
    : !common.test(method);
}

interface Reading {
  readonly deadline: Deadline;
  readonly why?: string;
  /** Whether it is a message or a request, for fixes; undefined where it can be either. */
  readonly form?: 'message' | 'request';
}

export function reportRpc(client: Instance, site: Site, scene: Scene): void {
  const readings = alternatives(site.arguments[0]?.value ?? unknown).map(readRequest);
  const reading = readings.reduce((a, b) => {
    const worse = joinDeadlines(a.deadline, b.deadline) === a.deadline ? a : b;
    const { form, ...rest } = worse;
    return a.form === b.form && form !== undefined ? { ...rest, form } : rest;
  });
  const { service } = client;
  reportCall(site, scene, {
    deadline: bestDeadline(reading.deadline, client.deadline),
    waitForReady: false,
    ...(service === undefined ? {} : { service }),
    ...(reading.why === undefined ? {} : { why: reading.why }),
    ...(reading.form === undefined ? {} : { hints: { form: reading.form } }),
  });
}

function readRequest(value: Value): Reading {
  switch (value.kind) {
    case 'instance': {
      const { why, deadline } = value;
      const form = value.flavour === 'message' ? 'message' : 'request';
      return { deadline, form, ...(why === undefined ? {} : { why }) };
    }
    case 'object':
    case 'list':
      return { deadline: 'missing', form: 'message', why: 'a message by itself has no timeout' };
    default:
      return { deadline: 'unknown' };
  }
}
