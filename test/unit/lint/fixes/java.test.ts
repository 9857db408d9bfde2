import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { java } from '../../../../src/lint/languages/java';
import { fixedSource } from '../../../tools/lintSnippet';

const start = `import com.x.ListingServiceGrpc.ListingServiceBlockingStub;
import java.util.concurrent.TimeUnit;

class A { ListingServiceBlockingStub s; io.grpc.Channel c; void m() throws Exception { `;
const end = ' } }\n';

describe('a deadline for a call', () => {
  it.each([
    ['s.getListing(q);', 's.withDeadlineAfter(5, TimeUnit.SECONDS).getListing(q);'],
    ['this.s.getListing(q);', 'this.s.withDeadlineAfter(5, TimeUnit.SECONDS).getListing(q);'],
    [
      'var x = s.withCompression("gzip").searchListings(q);',
      'var x = s.withCompression("gzip").withDeadlineAfter(5, TimeUnit.SECONDS).searchListings(q);',
    ],
    [
      'com.x.ListingServiceGrpc.newStub(c).uploadPhotos(o);',
      'com.x.ListingServiceGrpc.newStub(c).withDeadlineAfter(5, TimeUnit.SECONDS).uploadPhotos(o);',
    ],
    [
      's.withDeadline(null).getListing(q);',
      's.withDeadline(null).withDeadlineAfter(5, TimeUnit.SECONDS).getListing(q);',
    ],
    [
      'f(() -> s.getListing(q), s.getListing(q));',
      'f(() -> s.withDeadlineAfter(5, TimeUnit.SECONDS).getListing(q), s.withDeadlineAfter(5, TimeUnit.SECONDS).getListing(q));',
    ],
    [
      'xs.map(s::getListing);',
      'xs.map(request -> s.withDeadlineAfter(5, TimeUnit.SECONDS).getListing(request));',
    ],
    [
      'io.grpc.stub.ClientCalls.blockingUnaryCall(c, d, io.grpc.CallOptions.DEFAULT, q);',
      'io.grpc.stub.ClientCalls.blockingUnaryCall(c, d, io.grpc.CallOptions.DEFAULT.withDeadlineAfter(5, TimeUnit.SECONDS), q);',
    ],
    [
      'var o = io.grpc.CallOptions.DEFAULT; c.newCall(d, o);',
      'var o = io.grpc.CallOptions.DEFAULT; c.newCall(d, o.withDeadlineAfter(5, TimeUnit.SECONDS));',
    ],
    // Where the options are chosen, an edit could mean something else.
    [
      'c.newCall(d, b ? io.grpc.CallOptions.DEFAULT : io.grpc.CallOptions.DEFAULT);',
      'c.newCall(d, b ? io.grpc.CallOptions.DEFAULT : io.grpc.CallOptions.DEFAULT);',
    ],
  ])('%s', async (before, after) => {
    expect(await fixedSource(java, start + before + end)).toBe(start + after + end);
  });

  it('stands on a line of its own where the chain does', async () => {
    const text = `${start}
    s
        .withCompression("gzip") // smaller
        .getListing(q);${end}`;
    expect(await fixedSource(java, text)).toContain(`
        .withCompression("gzip")
        .withDeadlineAfter(5, TimeUnit.SECONDS) // smaller
        .getListing(q);`);
  });

  it('is as long as frameline.json says', async () => {
    const text = `${start}s.getListing(q);${end}`;
    expect(await fixedSource(java, text, { defaultDeadline: 1_500 })).toContain(
      '.withDeadlineAfter(1500, TimeUnit.MILLISECONDS)',
    );
  });

  it('is not given to a client that only frameline.json knows', async () => {
    const text = 'class A { shop.Facade grpc; void m() { grpc.getListing(q); } }';
    expect(await fixedSource(java, text, { stubs: ['shop.Facade'] })).toBe(text);
  });
});

describe('the import of TimeUnit', () => {
  const body = `class A {
  void m(io.grpc.Channel c) {
    com.x.ListingServiceGrpc.newBlockingStub(c).getListing(q);
  }
}
`;
  const unit = 'import java.util.concurrent.TimeUnit;';

  it.each([
    ['the only one', '', `${unit}\n\n`],
    ['after the package', 'package a.b;\n\n', `package a.b;\n\n${unit}\n\n`],
    ['after one', 'import a.B;\n\n', `import a.B;\n${unit}\n\n`],
    ['in the order', 'import a.B;\nimport z.C;\n\n', `import a.B;\n${unit}\nimport z.C;\n\n`],
    [
      'last where nothing is sorted',
      'import z.C;\nimport a.B;\n\n',
      `${unit}\nimport z.C;\nimport a.B;\n\n`,
    ],
    [
      'after static ones',
      'import static a.B.c;\n\nimport a.B;\n\n',
      `import static a.B.c;\n\nimport a.B;\n${unit}\n\n`,
    ],
    ['there', `${unit}\n\n`, `${unit}\n\n`],
    ['there for all', 'import java.util.concurrent.*;\n\n', 'import java.util.concurrent.*;\n\n'],
  ])('%s', async (_, before, after) => {
    const fixed = await fixedSource(java, before + body);
    expect(fixed.slice(0, after.length)).toBe(after);
    expect(fixed).toContain('.withDeadlineAfter(5, TimeUnit.SECONDS)');
    expect(fixed.match(/TimeUnit;/g) ?? []).toHaveLength(after.includes('*') ? 0 : 1);
  });

  it.each([
    ['import static java.util.concurrent.TimeUnit.SECONDS;\n', '(5, SECONDS)'],
    ['import static java.util.concurrent.TimeUnit.*;\n', '(5, SECONDS)'],
    ['import shop.TimeUnit;\n', '(5, java.util.concurrent.TimeUnit.SECONDS)'],
  ])('not with %s', async (imports, expected) => {
    const fixed = await fixedSource(java, imports + body);
    expect(fixed.startsWith(`${imports}class A`)).toBe(true);
    expect(fixed).toContain(expected);
  });
});

it('replaces a number that grpc-java refuses', async () => {
  const text = (number: string) =>
    `class A { Object m() { return io.grpc.ManagedChannelBuilder.forTarget("x").defaultServiceConfig(java.util.Map.of("retryThrottling", java.util.Map.of("maxTokens", ${number}, "tokenRatio", 0.5))).build(); } }`;
  expect(await fixedSource(java, text('10'))).toBe(text('10.0'));
});

const folder = join(import.meta.dirname, '../../../fixtures/lint/java');

it.each(readdirSync(folder).filter((name) => name.endsWith('.java')))(
  'mends all of %s at once',
  async (name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    const fixed = await fixedSource(java, text);
    expect(fixed !== text).toBe(/want "(?:missing-deadline|unbounded-wait)"/.test(text));
  },
);
