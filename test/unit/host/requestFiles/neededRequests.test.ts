import { describe, expect, it } from 'vitest';
import { hasExpectations, neededRequests } from '../../../../src/host/requestFiles/neededRequests';
import { nameOf, requestAt, requestKeys } from '../../../../src/host/requestFiles/requestPlaces';
import { parseRequestFile } from '../../../../src/request/file/parse';

const file = parseRequestFile(`@bearer = Bearer {{token}}

### Log in
# @capture token = message.token
GRPC h:1/s.S/LogIn

### Find
# @capture id = message.id
GRPC h:1/s.S/Find
authorization: {{bearer}}

### Find
# @capture id = message.id
GRPC h:1/s.S/Find

### Get
# @expect message.id == "{{id}}"
GRPC h:1/s.S/Get
authorization: {{bearer}}

{ "id": "{{id}}" }

### Alone
GRPC h:1/s.S/Alone
`);
const needed = (...names: string[]) =>
  neededRequests(file, new Set(file.requests.filter((node) => names.includes(nameOf(node))))).map(
    (node) => file.requests.indexOf(node),
  );

describe('neededRequests', () => {
  it('takes the last request above that gives a value, and what that needs', () => {
    expect(needed('Get')).toEqual([0, 2, 3]);
    expect(needed('Alone')).toEqual([4]);
  });

  it('keeps the order of the file and names no request twice', () => {
    expect(needed('Alone', 'Get', 'Log in')).toEqual([0, 2, 3, 4]);
  });

  it('knows which requests are tests, those of the preamble too', () => {
    expect(file.requests.map((node) => hasExpectations(file, node))).toEqual([
      ...[false, false, false],
      ...[true, false],
    ]);
    const all = parseRequestFile('# @expect status OK\n\n###\nGRPC h:1/s.S/A\n');
    expect(all.requests.map((node) => hasExpectations(all, node))).toEqual([true]);
  });
});

describe('requestKeys', () => {
  it('are different for requests of one name, and stay when others are written', () => {
    const keys = [...requestKeys(file).values()];
    expect(new Set(keys).size).toBe(file.requests.length);
    const later = parseRequestFile(`### New\nGRPC h:1/s.S/New\n\n${file.text}`);
    expect([...requestKeys(later).values()]).toEqual(expect.arrayContaining(keys));
  });
});

describe('requestAt', () => {
  it('finds the request around a place, before the first one the first', () => {
    const at = (text: string) => requestAt(file, file.text.indexOf(text));
    expect(at('"id": "{{id}}"')?.title?.text).toBe('Get');
    expect(at('@bearer')?.title?.text).toBe('Log in');
    expect(requestAt(file, file.text.length)?.title?.text).toBe('Alone');
    expect(requestAt(parseRequestFile('# nothing'), 3)).toBeUndefined();
  });
});
