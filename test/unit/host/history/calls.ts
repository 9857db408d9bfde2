import type { NewCall } from '../../../../src/host/history/historyFolder';
import type { Server } from '../../../../src/host/servers';
import { reflectionOnly } from '../../../../src/schema/sources';

export const server: Server = {
  id: 'market',
  name: 'Market',
  target: { address: 'localhost:50051', security: { kind: 'plaintext' } },
  sources: reflectionOnly,
  origin: 'saved',
};

/** A call as it is written; what a test is about is told, the rest is ordinary. */
export function newCall(
  entry: Partial<NewCall['entry']> = {},
  rest: Partial<Omit<NewCall, 'entry'>> = {},
): NewCall {
  return {
    entry: {
      startedAt: Date.UTC(2026, 10, 22, 12),
      server,
      path: '/market.v1.ListingService/Get',
      kind: 'serverStreaming',
      status: { code: 0, name: 'OK', message: '', origin: 'application' },
      duration: 3200,
      sentMessages: 1,
      receivedMessages: 2,
      receivedBytes: 40,
      deadline: 15_000,
      framesAvailable: true,
      hiddenMetadata: [],
      messagesLeftOut: 0,
      requestEnded: true,
      ...entry,
    },
    request: '{"method":"market.v1.ListingService/Get"}',
    transcript: [Buffer.from('archive')],
    ...rest,
  };
}
