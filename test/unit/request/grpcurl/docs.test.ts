import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { grpcurlFlags } from '../../../../src/request/grpcurl/grpcurlFlags';
import { importGrpcurl } from '../../../../src/request/grpcurl/importGrpcurl';
import { printRequest } from '../../../../src/request/printRequest';

const page = readFileSync(join(import.meta.dirname, '../../../../docs/grpcurl.md'), 'utf8');

it('the page names every flag', () => {
  const named = new Set([...page.matchAll(/`-([\w-]+)/g)].map(([, name]) => name));
  const left = [...grpcurlFlags.keys()].filter((name) => !named.has(name));
  expect(left).toEqual([
    ...['help', 'h', 'version', 'alts-handshaker-service', 'alts-target-service-account'],
  ]);
});

it('the example of the page is what the import gives', () => {
  const [, command = '', request = ''] = /```sh\n(.*?)\n```\n\n```\n(.*?)```/s.exec(page) ?? [];
  const result = importGrpcurl(command, { folder: '/work' });
  expect(result.ok && printRequest(result.draft, { comments: result.notes })).toBe(request);
});
