import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Metadata } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { protos } from '../../scripts/interop/tools.mjs';
import { checkHealth } from '../../src/grpc/health';
import { buildMetadata } from '../../src/grpc/metadata';
import {
  buildSchema,
  type Discovery,
  discover,
  discoveryChannelOptions,
  ReflectionError,
} from '../../src/schema/load';
import { RoundTripRelay } from '../tools/reflectionPeer';
import { isLack } from './languages';
import { shows } from './suite';
import { isMissing, later, open, patience, schemaOf, servers, startForTest } from './tools';

async function discovered(address: string, metadata = new Metadata()): Promise<Discovery> {
  const channel = await open(address, discoveryChannelOptions);
  return discover(channel.client, { metadata, timeout: patience });
}

async function failure(promise: Promise<unknown>): Promise<ReflectionError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ReflectionError)) {
    throw new Error(`Discovery should have failed with a ReflectionError, not ${error}`);
  }
  return error;
}

async function expectNotOffered(address: string): Promise<void> {
  const error = await failure(discovered(address));
  expect(error.code).toBe('not-offered');
  expect(error.attempts.map(({ version, name }) => `${version} ${name}`)).toEqual([
    'v1 UNIMPLEMENTED',
    'v1alpha UNIMPLEMENTED',
  ]);
}

for (const { language, title, suite, reflection, comments, describesHealth } of servers) {
  const discovery = shows('discovery', { whole: reflection, details: [describesHealth] });

  describe(`discovery of a server in ${title}`, suite, () => {
    describe('reflection', discovery, () => {
      if (isLack(reflection)) {
        it('is not offered, which is said', async () => {
          const { address } = await startForTest(language);
          await expectNotOffered(address);
        });
        return;
      }

      /** Of discovery: that the server lists a service and does not describe it. */
      const problems = isLack(describesHealth)
        ? [expect.objectContaining({ code: 'missing-service', subject: 'grpc.health.v1.Health' })]
        : [];

      it('gives every service, method and type', async () => {
        const { address } = await startForTest(language);
        const schema = await schemaOf(address);
        expect(schema.problems).toEqual([]);
        expect(schema.services.flatMap((service) => service.problems)).toEqual(problems);
        expect(schema.services.map((service) => service.name)).toContain('grpc.health.v1.Health');
        const library = schema.services.find((service) => service.name === 'interop.v1.Library');
        expect(
          library?.methods.map(({ name, kind, requestType, responseType, deprecated }) =>
            [name, kind, requestType, responseType, ...(deprecated ? ['deprecated'] : [])].join(
              ' ',
            ),
          ),
        ).toEqual([
          'EchoBook unary interop.v1.Book interop.v1.Book',
          'PrintBook unary interop.v1.Book interop.v1.JsonText',
          'ReadBook unary interop.v1.JsonText interop.v1.Book',
          'ListBooks serverStreaming interop.v1.ListBooksRequest interop.v1.Book',
          'AddBooks clientStreaming interop.v1.Book interop.v1.AddBooksResponse',
          'Discuss bidirectional interop.v1.Remark interop.v1.Remark',
          'Fail unary interop.v1.FailRequest google.protobuf.Empty',
          'Wait unary google.protobuf.Empty google.protobuf.Empty',
          'Inspect unary interop.v1.InspectRequest interop.v1.InspectResponse',
          'Burn unary interop.v1.Book google.protobuf.Empty deprecated',
        ]);
      });

      it.each([
        ['interop/v1/library.proto', 'interop.v1.Library'],
        ['interop/v1/book.proto', 'interop.v1.Book'],
      ])('gives all that stands in %s', async (file, symbol) => {
        const { address } = await startForTest(language);
        const schema = await schemaOf(address);
        const source = await readFile(join(protos, file), 'utf8');
        const definition = schema.definition(symbol);
        expect(definition?.file).toBe(file);
        expect(definitions(definition?.text ?? '', true)).toEqual(definitions(source, comments));
      });

      it('is asked in the best version, in at most four round trips with connecting', async () => {
        const { address } = await startForTest(language);
        const relay = await RoundTripRelay.start(address);
        later(() => relay.close());
        const found = await discovered(relay.address);
        expect(found.version).toBe(reflection[0]);
        expect(found.problems).toEqual(problems);
        expect(relay.roundTrips).toBeLessThanOrEqual(4);
      });
    });

    it('reads the health of the server and of one service', shows('health'), async () => {
      const { address } = await startForTest(language);
      const { client } = await open(address);
      expect(await checkHealth(client, '', { timeout: patience })).toBe('serving');
      expect(await checkHealth(client, 'interop.v1.Library', { timeout: patience })).toBe(
        'not-serving',
      );
      expect(
        await checkHealth(client, 'interop.v1.Nothing', { timeout: patience }),
      ).toBeUndefined();
    });
  });
}

/** The definitions of a file, sorted: a descriptor doesn't keep how those of different kinds were mixed. */
function definitions(text: string, comments: boolean): string[] {
  const found: string[] = [];
  let lines: string[] = [];
  for (const line of text.split('\n')) {
    if (line !== '' && (comments || !line.trimStart().startsWith('//'))) {
      lines.push(line);
    }
    // What stands in another definition is indented.
    if (/^(\}|[^ /].*;)$/.test(line)) {
      found.push(lines.join('\n'));
      lines = [];
    }
  }
  return found.sort();
}

describe.skipIf(isMissing('go'))('reflection versions of grpc-go', () => {
  it.each(['both', 'v1'])('uses v1 of a server with -reflection %s', async (versions) => {
    const { address } = await startForTest('go', ['-reflection', versions]);
    const found = await discovered(address);
    expect(found.version).toBe('v1');
    expect(found.firstError).toBeUndefined();
    expect(found.services).toContain('interop.v1.Library');
  });

  it('uses v1alpha where there is no v1, and keeps what v1 said', async () => {
    const { address } = await startForTest('go', ['-reflection', 'v1alpha']);
    const found = await discovered(address);
    expect(found).toMatchObject({
      version: 'v1alpha',
      firstError: { version: 'v1', name: 'UNIMPLEMENTED' },
      problems: [],
    });
    expect(buildSchema({ reflection: found }).findMethod('/interop.v1.Library/Wait')).toBeDefined();
  });

  it('says that reflection is not offered where there is none', async () => {
    const { address } = await startForTest('go', ['-reflection', 'none']);
    await expectNotOffered(address);
  });
});

describe.skipIf(isMissing('python'))('reflection of grpcio', () => {
  it('that wants authorization is refused without, and read with it', async () => {
    const value = 'Bearer library card';
    const { address } = await startForTest('python', ['--authorization', value]);
    const error = await failure(discovered(address));
    expect(error).toMatchObject({
      code: 'refused',
      reason: expect.stringContaining('reflection needs authorization'),
      nextStep: expect.stringContaining('authorization'),
    });
    const { metadata } = buildMetadata([{ key: 'Authorization', value, enabled: true }]);
    const found = await discovered(address, metadata);
    expect(found.services).toContain('interop.v1.Library');
    expect(found.problems).toEqual([]);
  });
});
