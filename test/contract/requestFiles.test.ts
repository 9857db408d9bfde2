import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRequestFile } from '../../src/request/file/parse';
import type { RequestFile } from '../../src/request/file/syntax';
import { localRequestFiles } from '../../src/request/files';
import type { Caller } from '../../src/request/run/caller';
import type { RequestResult } from '../../src/request/run/result';
import { FileRun } from '../../src/request/run/runFile';
import type { Scope } from '../../src/request/variables/scope';
import { type SampleServer, startSampleServer } from '../../src/sampleServer/sampleServer';
import { useTemporaryFolders } from '../tools/temporaryFolder';
import { testCaller } from '../tools/testCaller';

const temporaryFolder = useTemporaryFolders();
const caller = testCaller();
let server: SampleServer;

beforeAll(async () => {
  server = await startSampleServer();
});
afterAll(async () => {
  await caller.close();
  await server.close();
});

const secret = 'sesame-482915';

async function run(text: string, folder?: string): Promise<RequestResult[]> {
  const file = parseRequestFile(text);
  const root = folder ?? (await temporaryFolder());
  const scope: Scope = {
    overrides: new Map([['host', server.address]]),
    captures: new Map(),
    environment: { name: 'test', variables: new Map(), secrets: ['TOKEN'], targets: new Map() },
    secret: async () => ({ ok: true, value: secret }),
  };
  const files = localRequestFiles({ file: join(root, 'a.grpc'), root, isTrusted: true });
  const fileRun = new FileRun(file, { scope, files, caller });
  const results: RequestResult[] = [];
  for (const request of file.requests) {
    results.push(await fileRun.run(request));
  }
  return results;
}

/** A run of a file without variables and secrets. */
async function plainRun(file: RequestFile, parts: Partial<Caller>): Promise<FileRun> {
  const root = await temporaryFolder();
  return new FileRun(file, {
    scope: {
      overrides: new Map(),
      captures: new Map(),
      environment: undefined,
      secret: async () => ({ ok: false, message: '' }),
    },
    files: localRequestFiles({ file: join(root, 'a.grpc'), root, isTrusted: true }),
    caller: { ...caller, ...parts },
  });
}

/** Name, status and failed checks of each request. */
async function outcomes(text: string, folder?: string): Promise<string[]> {
  return (await run(text, folder)).map((result) => {
    if (result.kind === 'refused') {
      return `${result.name}: refused: ${result.problems
        .map(({ span, message }) => `${text.slice(span.from, span.to)}: ${message}`)
        .join(' | ')}`;
    }
    result.transcript.dispose();
    const failed = result.checks.filter(({ passed }) => !passed).map(({ message }) => message);
    return [`${result.request.name}: ${result.status.name}`, ...failed].join(' | ');
  });
}

describe('the requests of a file, on a real server', () => {
  it('hold the answer to what is expected of it', async () => {
    const text = `# @plaintext
### lamp
# @deadline 5s
# @expect status OK
# @expect messages == 1
# @expect message.title == "Brass reading lamp"
# @expect message.views == 218
# @expect message.price contains { "currencyCode": "EUR" }
# @expect message.photos[-1].fileName == lamp-switch.jpg
# @expect message.tags contains brass
# @expect message.title matches /^brass/i
# @expect message.soldAt absent
# @expect message.listedAt < 2024-03-02T00:00:00Z
# @expect headers.content-type matches /^application\\/grpc/
# @expect latency < 100%
GRPC {{host}}/market.v1.ListingService/GetListing

{ "id": "lamp-1" }
### missing
# @expect status NOT_FOUND
# @expect status.message contains lamp-99
# @expect status.details[0]["@type"] exists
GRPC {{host}}/market.v1.ListingService/GetListing

{ "id": "lamp-99" }
### wrong
# @expect message.title == Lamp
# @expect messages == 2
# @expect message[1] exists
# @expect trailers.x-none exists
GRPC {{host}}/market.v1.ListingService/GetListing

{ "id": "lamp-1" }
### not ok
GRPC {{host}}/market.v1.ListingService/GetListing

{ "id": "lamp-99" }
`;
    const [lamp, missing, wrong, notOk] = await outcomes(text);
    expect(lamp).toBe('lamp: OK');
    expect(missing).toBe('missing: NOT_FOUND');
    expect(wrong?.split(' | ')).toEqual([
      'wrong: OK',
      'Expected message.title == Lamp, and it is "Brass reading lamp".',
      'Expected messages == 2, and it is 1.',
      'Expected message[1] exists. There is no message[1]: 1 message was received.',
      'Expected trailers.x-none exists. The trailers have no x-none.',
    ]);
    expect(notOk).toBe('not ok: NOT_FOUND | Expected status OK, and it is NOT_FOUND.');
  });

  it('wait for answers between their messages', async () => {
    const text = `# @plaintext
### talk
# @expect messages == 3
# @expect message.text contains "Brass reading lamp"
# @expect message[-1].deal.price.units == "45"
GRPC {{host}}/market.v1.ListingService/Negotiate

{ "listingId": "lamp-1" }
=== wait
{ "text": "still there?" }
=== wait 1
{ "accept": true }
`;
    const [result] = await run(text);
    if (result?.kind !== 'called') {
      throw new Error('the request was refused');
    }
    expect(result.checks.filter(({ passed }) => !passed)).toEqual([]);
    const directions: string[] = [];
    const { transcript } = result;
    for (let number = 0; number < transcript.length; number++) {
      const entry = transcript.entry(number);
      if (entry.kind === 'message') {
        directions.push(entry.direction);
      }
    }
    expect(directions).toEqual(['sent', 'received', 'sent', 'received', 'sent', 'received']);
    transcript.dispose();
  });

  it('hand what they capture to the next, and messages may come from files', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'search.json'), '{ "query": "lamp" }');
    const text = `# @plaintext
### search
# @capture found = message.listing.id
# @capture price = message.listing.price
GRPC {{host}}/market.v1.ListingService/SearchListings

< search.json
### get
# @expect message.id == {{found}}
# @expect message.price == {{price}}
GRPC {{host}}/market.v1.ListingService/GetListing

{ "id": "{{found}}" }
### nothing to capture
# @capture other = message[99].listing.id
GRPC {{host}}/market.v1.ListingService/SearchListings

{ "query": "lamp" }
`;
    expect(await outcomes(text, folder)).toEqual([
      'search: OK',
      'get: OK',
      expect.stringMatching(
        /^nothing to capture: OK \| other was not captured\. There is no message\[99\]/,
      ),
    ]);
  });

  it('stop to send when the call has ended', async () => {
    const text = `# @plaintext
### over
# @deadline 300ms
# @expect status DEADLINE_EXCEEDED
GRPC {{host}}/market.v1.ListingService/Negotiate

{ "listingId": "lamp-1" }
=== wait 5
{ "text": "never sent" }
`;
    const [result] = await run(text);
    expect(result?.kind === 'called' && result.transcript.messageCount('sent')).toBe(1);
    expect(result?.kind === 'called' && result.checks.every(({ passed }) => passed)).toBe(true);
  });

  it('are refused with the place before anything is sent', async () => {
    const text = `# @plaintext
### method
GRPC {{host}}/market.v1.ListingService/GetListin
### service
GRPC {{host}}/market.v1.ListngService/GetListing
### body
GRPC {{host}}/market.v1.ListingService/GetListing

{ "id": 5, "nmae": "x" }
### two
GRPC {{host}}/market.v1.ListingService/GetListing

{}
===
{ "id": "lamp-1" }
`;
    const [method, service, body, two] = await outcomes(text);
    expect(method).toContain('has no method GetListin. Did you mean GetListing?');
    expect(service).toContain(
      'offers no service market.v1.ListngService. Did you mean market.v1.ListingService?',
    );
    expect(body).toMatch(/refused: 5: .* \| "nmae": /);
    expect(two).toContain('{ "id": "lamp-1" }: GetListing takes one message, and 2 stand here.');
  });

  it('say which file could not be read when a service is not known', async () => {
    const text = `# @plaintext
# @proto missing.proto
GRPC {{host}}/market.v1.LostService/Get
`;
    const [lost] = await outcomes(text);
    expect(lost).toMatch(/offers no service market\.v1\.LostService\..*missing\.proto/);
  });

  it('say that it is the files that lack a service when they alone are read', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'own.proto'), 'syntax = "proto3"; package own; service S {}');
    const text = `# @plaintext
# @no-reflection
# @proto own.proto
GRPC {{host}}/market.v1.LostService/Get
`;
    const [lost] = await outcomes(text, folder);
    expect(lost).toContain(
      `The files that describe ${server.address} have no service market.v1.LostService. There are own.S.`,
    );
  });

  it('say why a server is not reached', async () => {
    const text = '# @plaintext\n# @deadline 2s\n### gone\nGRPC 127.0.0.1:1/a.B/C\n';
    const [gone] = await outcomes(text);
    expect(gone).toMatch(/^gone: refused: GRPC 127\.0\.0\.1:1\/a\.B\/C: .*127\.0\.0\.1:1/);
  });
});

describe('a secret', () => {
  it('is in no result', async () => {
    const text = `# @plaintext
### echo
# @expect status.message == "{{TOKEN}}"
GRPC {{host}}/market.v1.ListingService/GetListing
authorization: Bearer {{TOKEN}}

{ "id": "{{TOKEN}}" }
`;
    const [result] = await run(text);
    if (result?.kind !== 'called') {
      throw new Error('the request was refused');
    }
    // The listing that is asked for is named in the error: the secret came back.
    expect(JSON.stringify(result.checks)).not.toContain(secret);
    expect(JSON.stringify(result.status)).not.toContain(secret);
    expect(result.status.name).toBe('NOT_FOUND');
    result.transcript.dispose();
  });

  it('is in no reason why a request is not sent', async () => {
    const head = '# @plaintext\n### wrong\nGRPC {{host}}/market.v1.ListingService/';
    for (const body of [
      `Negotiate\n\n{ "offer": { "units": "{{TOKEN}}" } }`,
      `Negotiate\n\n{ "offer": { "units": "{{TOKEN}}${'x'.repeat(80)}" } }`,
      `Negotiate\n\n{ "offer": { "units": "${'x'.repeat(55)}{{TOKEN}}" } }`,
      `Negotiate\n\n{ "{{TOKEN}}": 1 }`,
      `Negotiate\n\n{{TOKEN}}`,
      `{{TOKEN}}\n\n{}`,
    ]) {
      const [result] = await run(head + body);
      expect(result?.kind).toBe('refused');
      // Not even the beginning, where a long value is shortened.
      expect(JSON.stringify(result)).not.toContain(secret.slice(0, 4));
    }
  });
});

describe('the request that follows', () => {
  const plain = (target: string, body: string): string =>
    `GRPC ${target}/market.v1.ListingService/GetListing\n\n${body}\n`;
  const lamp = (target: string): string => plain(target, '{ "id": "lamp-1" }');

  /** What schemas had been asked for when the first of two requests had ended, and how both went. */
  async function both(first: string, second: string): Promise<[string[], RequestResult[]]> {
    const file = parseRequestFile(`# @plaintext\n### first\n${first}### second\n${second}`);
    const asked: string[] = [];
    const fileRun = await plainRun(file, {
      schema: (spec, path) => {
        asked.push(spec.name);
        return caller.schema(spec, path);
      },
    });
    const results: RequestResult[] = [];
    let askedWhenFirstEnded: string[] = [];
    for (const [index, node] of file.requests.entries()) {
      results.push(await fileRun.run(node, { next: file.requests[index + 1] }));
      askedWhenFirstEnded = index === 0 ? [...asked] : askedWhenFirstEnded;
    }
    for (const result of results) {
      expect(result).toMatchObject({ kind: 'called', status: { name: 'OK' } });
    }
    return [askedWhenFirstEnded, results];
  }

  it('is prepared while the one before is on its way', async () => {
    const { address } = server;
    const [asked] = await both(lamp(address), lamp(address));
    expect(asked).toEqual([address, address]);
  });

  it('waits when an answer, the time or another server has a part in it', async () => {
    const { address } = server;
    const captures = `# @capture id = message.id\n${lamp(address)}`;
    const [asked, results] = await both(captures, plain(address, '{ "id": "{{id}}" }'));
    expect(asked).toEqual([address]);
    const [, second] = results;
    expect(second?.kind === 'called' && second.request.messages[0]?.json).toContain('lamp-1');
    const timed = `x-time: {{$timestamp}}\n\n{ "id": "lamp-1" }\n`;
    const dynamic = `GRPC ${address}/market.v1.ListingService/GetListing\n${timed}`;
    expect((await both(lamp(address), dynamic))[0]).toEqual([address]);
    const other = address.replace('127.0.0.1', 'localhost');
    expect((await both(lamp(address), lamp(other)))[0]).toEqual([address]);
  });
});

it('sends nothing of a request that is cancelled while the schema is read', async () => {
  const file = parseRequestFile(
    `# @plaintext\nGRPC ${server.address}/market.v1.ListingService/GetListing\n`,
  );
  const [node] = file.requests;
  const cancel = new AbortController();
  const started: string[] = [];
  const fileRun = await plainRun(file, {
    schema: async (spec, path) => {
      cancel.abort();
      return caller.schema(spec, path);
    },
  });
  const result =
    node &&
    (await fileRun.run(node, { signal: cancel.signal, onStart: () => started.push('sent') }));
  expect(result).toMatchObject({
    kind: 'refused',
    problems: [{ message: 'It was cancelled before anything was sent.' }],
  });
  expect(started).toEqual([]);
});
