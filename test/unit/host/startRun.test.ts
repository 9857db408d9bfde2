import { describe, expect, it } from 'vitest';
import { encodeBody, planCall } from '../../../src/host/requestPanel/startRun';
import type { RequestForm } from '../../../src/panel/protocol';
import { formAsGrpcurl } from '../../../src/request/grpcurl/formAsGrpcurl';
import type { MethodInfo } from '../../../src/schema/schema';
import { reflectionOnly } from '../../../src/schema/sources';
import { schema, types } from '../panel/conversation';

const method: MethodInfo = {
  name: 'Get',
  path: '/market.v1.ListingService/Get',
  kind: 'unary',
  ...types,
  deprecated: false,
  problems: [],
};
const form: RequestForm = {
  body: '{"id":"lamp-1"}',
  metadata: [
    { key: 'X-Request-Id', value: 'r-1', enabled: true },
    { key: 'off', value: 'x', enabled: false },
  ],
  options: { 'keepalive-time': '20s' },
};
const plan = (change: Partial<RequestForm> = {}, openOnly = false) =>
  planCall({ ...form, ...change }, { schema, method }, { deadline: 15_000 }, openOnly);

describe('planCall', () => {
  it('takes a form as it is', () => {
    const planned = plan();
    if ('refused' in planned) {
      throw new Error(planned.message);
    }
    expect(Buffer.from(planned.body ?? []).toString('latin1')).toBe('\n\u0006lamp-1');
    expect(planned.metadata.getMap()).toEqual({ 'x-request-id': 'r-1' });
    expect(planned.grpc.call.deadlineMs).toBe(15_000);
    expect(planned.grpc.channel['grpc.keepalive_time_ms']).toBe(20_000);
    // The limit that grpc-js has by itself is needed to explain a refusal.
    expect(planned.options.maxReceiveSize).toBe(4 * 1024 * 1024);
  });

  it('opens a stream without looking at the body', () => {
    const planned = plan({ body: 'not yet' }, true);
    expect('refused' in planned).toBe(false);
    expect('body' in planned).toBe(false);
  });

  it.each([
    ['options', { options: { deadline: 'soon' } }],
    ['metadata', { metadata: [{ key: 'grpc-timeout', value: '1S', enabled: true }] }],
    ['body', { body: '{"id": 7}' }],
    ['body', { body: '' }],
  ] as const)('refuses bad %s with the reason', (where, change) => {
    const planned = plan(change);
    expect(planned).toMatchObject({ refused: where });
    expect('message' in planned && planned.message).not.toBe('');
  });
});

describe('encodeBody', () => {
  it('refuses what does not fit the type', () => {
    expect(encodeBody(schema, method, '{"nope":1}')).toMatchObject({ refused: 'body' });
    expect(encodeBody(schema, { requestType: 'no.Such' }, '{}')).toMatchObject({ refused: 'body' });
  });
});

describe('formAsGrpcurl', () => {
  it('says what the panel would send', () => {
    const server = {
      target: { address: 'localhost:1', security: { kind: 'plaintext' } },
      sources: { ...reflectionOnly, protoFiles: ['/a.proto'], importPaths: ['/'] },
    } as const;
    expect(formAsGrpcurl(server, method, form, { deadline: 15_000 }).split(' \\\n  ')).toEqual([
      'grpcurl -plaintext',
      '-import-path /',
      '-proto /a.proto',
      "-H 'X-Request-Id: r-1'",
      '-max-time 15',
      '-keepalive-time 20',
      `-d '{"id":"lamp-1"}'`,
      'localhost:1 market.v1.ListingService/Get',
    ]);
  });
});
