import { status } from '@grpc/grpc-js';
import { expect, test } from 'vitest';
import {
  isApplicationOnly,
  StatusCode,
  statusName,
  statusNames,
  statusOfHttp,
} from '../../../src/grpc/statusCodes';

test('the names are those of gRPC', () => {
  for (const [code, name] of statusNames.entries()) {
    expect(status[name]).toBe(code);
  }
  expect(Object.values(StatusCode)).toEqual(statusNames.map((_, code) => code));
  expect(statusName(14)).toBe('UNAVAILABLE');
  expect(statusName(17)).toBe('CODE_17');
  expect(statusName(-1)).toBe('CODE_-1');
});

test('codes that no library produces', () => {
  expect(statusNames.filter((_, code) => isApplicationOnly(code))).toEqual([
    'INVALID_ARGUMENT',
    'NOT_FOUND',
    'ALREADY_EXISTS',
    'FAILED_PRECONDITION',
    'ABORTED',
    'OUT_OF_RANGE',
    'DATA_LOSS',
  ]);
});

test.each([
  [400, 'INTERNAL'],
  [401, 'UNAUTHENTICATED'],
  [403, 'PERMISSION_DENIED'],
  [404, 'UNIMPLEMENTED'],
  [429, 'UNAVAILABLE'],
  [502, 'UNAVAILABLE'],
  [503, 'UNAVAILABLE'],
  [504, 'UNAVAILABLE'],
  [200, 'UNKNOWN'],
  [500, 'UNKNOWN'],
])('HTTP %d becomes %s', (httpStatus, name) => {
  expect(statusName(statusOfHttp(httpStatus))).toBe(name);
});
