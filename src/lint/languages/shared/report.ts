import type { CallFact, CallSiteSpans, ChannelFact } from '../../facts';
import type { Scene, Site, SiteArgument } from '../../program/semantics';
import { bestDeadline } from '../../program/value';

/** Where a channel is made. */
export function placeOf({ handler, inLoop, fn }: Scene): ChannelFact['place'] {
  if (handler !== undefined) {
    return 'handler';
  }
  return inLoop ? 'loop' : fn === undefined ? 'module' : 'function';
}

/** The address of a channel, where it is written. */
export function addressOf(
  argument: SiteArgument | undefined,
): Pick<ChannelFact, 'target' | 'targetSpan'> {
  return argument?.value.kind === 'constant' && typeof argument.value.value === 'string'
    ? { target: argument.value.value, targetSpan: argument.span }
    : {};
}

/** The address of a channel, where it is written in the source. */
export function targetOf(
  address: SiteArgument | undefined,
): Pick<ChannelFact, 'target' | 'targetSpan'> {
  const value = address?.value;
  return address !== undefined && value?.kind === 'constant' && typeof value.value === 'string'
    ? { target: value.value, targetSpan: address.span }
    : {};
}

/** What is known of an RPC beside its place. */
export type CallParts = Pick<CallFact, 'deadline' | 'waitForReady'> &
  Partial<Pick<CallFact, 'service' | 'why' | 'channel'>> & {
    readonly hints?: CallSiteSpans['hints'];
  };

/** Reports an RPC. What bounds everything here bounds it too. */
export function reportCall(site: Site, scene: Scene, parts: CallParts): void {
  const { call, nameSpan, method } = site;
  const { callee } = call;
  const { service, why, channel, hints, waitForReady } = parts;
  const deadline =
    scene.ambient === undefined ? parts.deadline : bestDeadline(parts.deadline, scene.ambient);
  scene.report({
    kind: 'call',
    span: call.span,
    nameSpan,
    method,
    ...(service === undefined ? {} : { service }),
    deadline,
    ...(why === undefined ? {} : { why }),
    waitForReady,
    ...(channel === undefined ? {} : { channel }),
    site: {
      ...(callee.kind === 'member' ? { receiver: callee.object.span } : {}),
      arguments: call.arguments.map(({ span, name }) => ({
        ...span,
        ...(name === undefined ? {} : { name }),
      })),
      argumentsSpan: call.argumentsSpan,
      statement: scene.statement,
      ...(hints === undefined ? {} : { hints }),
    },
  });
}
