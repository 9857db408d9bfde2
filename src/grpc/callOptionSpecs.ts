import { builtInDefaults, type CallOptions, formatCallOptions } from './callOptions';

/**
 * How one option of `CallOptions` is named, entered and explained. Pure data: the webview, the settings,
 * request files and the command line all draw from it.
 */
export interface OptionSpec {
  /** `keepalive-time`; the same name in request files and on the command line. */
  readonly name: string;
  readonly label: string;
  readonly group: 'call' | 'connection' | 'limits';
  readonly input:
    | { readonly kind: 'duration'; readonly keywords: readonly string[] }
    | { readonly kind: 'boolean' }
    | { readonly kind: 'size'; readonly keywords: readonly string[] }
    | { readonly kind: 'choice'; readonly choices: readonly string[] }
    | { readonly kind: 'text' }
    | { readonly kind: 'json' };
  /** The default as the user would type it; '' when there is none. */
  readonly default: string;
  /** Markdown-free help: what it does, unit, default. */
  readonly help: string;
}

/**
 * Every option in the order in which it is shown. `defaults` are the user's own (from the settings); what
 * they leave out has Frameline's default.
 */
export function optionSpecs(defaults: CallOptions = {}): readonly OptionSpec[] {
  const texts = formatCallOptions({ ...builtInDefaults, ...defaults });
  return specs.map((spec) => ({ ...spec, default: texts[spec.name] ?? '' }));
}

const specs: readonly Omit<OptionSpec, 'default'>[] = [
  {
    name: 'deadline',
    label: 'Deadline',
    group: 'call',
    input: { kind: 'duration', keywords: ['none'] },
    help: 'How long the call may take from the start, connecting included. When it has passed, the call ends with DEADLINE_EXCEEDED here, and the server is told with grpc-timeout. none waits for ever.',
  },
  {
    name: 'wait-for-ready',
    label: 'Wait for ready',
    group: 'call',
    input: { kind: 'boolean' },
    help: 'Waits until a connection stands instead of failing with UNAVAILABLE at the first failed attempt. Only the deadline ends the waiting.',
  },
  {
    name: 'compression',
    label: 'Compression',
    group: 'call',
    input: { kind: 'choice', choices: ['identity', 'gzip', 'deflate'] },
    help: 'Compresses the messages that are sent, as long as the server says that it accepts it (grpc-accept-encoding). What is received is decompressed in any case.',
  },
  {
    name: 'keepalive-time',
    label: 'Keepalive time',
    group: 'connection',
    input: { kind: 'duration', keywords: ['off'] },
    help: 'Sends a PING after this time, to notice a dead connection. Most servers accept 5m or more and close the connection (too_many_pings) when it is less.',
  },
  {
    name: 'keepalive-timeout',
    label: 'Keepalive timeout',
    group: 'connection',
    input: { kind: 'duration', keywords: [] },
    help: 'How long to wait for the answer to a keepalive PING before the connection counts as dead. Has no effect while keepalive time is off.',
  },
  {
    name: 'keepalive-permit-without-calls',
    label: 'Keepalive without calls',
    group: 'connection',
    input: { kind: 'boolean' },
    help: 'Sends keepalive PINGs also while no call runs. Most servers then accept one in two hours only.',
  },
  {
    name: 'load-balancing',
    label: 'Load balancing',
    group: 'connection',
    input: { kind: 'choice', choices: ['pick_first', 'round_robin'] },
    help: 'pick_first uses one connection to the first address that answers; round_robin connects to all addresses and takes them in turn. Wins over loadBalancingConfig in the service config.',
  },
  {
    name: 'retries',
    label: 'Retries',
    group: 'connection',
    input: { kind: 'boolean' },
    help: 'Allows the retry and hedging policies of the service config, and one transparent retry of a call that the server has not seen.',
  },
  {
    name: 'service-config',
    label: 'Service config',
    group: 'connection',
    input: { kind: 'json' },
    help: 'JSON as in gRFC A2 and A6: timeouts, retries and load balancing by method. It holds instead of one that DNS would give.',
  },
  {
    name: 'user-agent',
    label: 'User agent',
    group: 'connection',
    input: { kind: 'text' },
    help: 'Put in front of the library\'s own name in the user-agent header: "my-tool/1.0 grpc-node-js/1.14".',
  },
  {
    name: 'max-receive-size',
    label: 'Max receive size',
    group: 'limits',
    input: { kind: 'size', keywords: ['unlimited'] },
    help: 'The largest message that is accepted from the server, decompressed. A larger one ends the call with RESOURCE_EXHAUSTED. In bytes, KiB, MiB; 4MiB is the default of every gRPC library.',
  },
  {
    name: 'max-send-size',
    label: 'Max send size',
    group: 'limits',
    input: { kind: 'size', keywords: ['unlimited'] },
    help: 'The largest message that may be sent, before compression. The server has a limit of its own, often 4MiB.',
  },
];
