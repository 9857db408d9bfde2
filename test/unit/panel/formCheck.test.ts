import { describe, expect, it } from 'vitest';
import { checkForm } from '../../../src/panel/formCheck';
import type { FormCheck, RequestForm } from '../../../src/panel/protocol';
import { schema, types } from './conversation';

const check = (form: Partial<RequestForm>, kind: 'unary' | 'bidirectional' = 'unary'): FormCheck =>
  checkForm(
    { body: '{"id":"a"}', metadata: [], options: {}, ...form },
    schema,
    { requestType: types.requestType, kind },
    { deadline: 15_000 },
  );

describe('checkForm', () => {
  it('finds nothing in a good form', () => {
    expect(
      check({
        metadata: [{ key: 'authorization', value: 'Bearer x', enabled: true }],
        options: { deadline: '5s' },
      }),
    ).toEqual({ body: [], metadata: [], options: [] });
  });

  it('marks the place in the body', () => {
    const [problem] = check({ body: '{"id": 7}' }).body;
    expect(problem).toMatchObject({ from: 7, to: 8, severity: 'error' });
  });

  it('marks the metadata row, and leaves rows alone that are off', () => {
    const metadata = [
      { key: 'ok', value: '', enabled: true },
      { key: 'grpc-timeout', value: '1S', enabled: true },
      { key: 'grpc-timeout', value: '1S', enabled: false },
    ];
    expect(check({ metadata }).metadata.map(({ row }) => row)).toEqual([1]);
  });

  it('says which secrets a reload took away', () => {
    const metadata = [
      { key: 'authorization', value: '', enabled: true },
      { key: 'x-api-key', value: '', enabled: false },
      { key: 'x-token', value: 'there', enabled: true },
    ];
    expect(check({ metadata }).metadata).toMatchObject([
      { row: 0, message: expect.stringContaining('not kept') },
    ]);
  });

  it('tells errors in options from risks', () => {
    const { options } = check({ options: { deadline: 'none', 'keepalive-time': '5 bananas' } });
    expect(options.map(({ name, severity }) => [name, severity])).toEqual([
      ['keepalive-time', 'error'],
      ['deadline', 'warning'],
    ]);
  });

  it('does not hold up typing in a huge body', () => {
    expect(check({ body: '['.repeat(2_000_000) }).body).toEqual([]);
  });
});
