import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { java } from '../../../src/lint/languages/java';
import { fixedSource } from '../../tools/lintSnippet';
import { JavaCompiler, missingForJava } from './javaCompiler';

const fixtures = join(import.meta.dirname, '../../fixtures/lint/java');

/** Annotated sources that need nothing but grpc-java and what it brings. */
const sources = [
  'CatalogClient.java',
  'Channels.java',
  'DeadlineTraps.java',
  'Interceptors.java',
  'LowLevel.java',
  'MarketService.java',
  'behind-kubernetes/Balancing.java',
];

/** What they use of another file. */
const others = {
  'ServiceConfigs.java': `package com.example.catalog;

final class ServiceConfigs {
  static java.util.Map<String, ?> load(String name) {
    return java.util.Map.of();
  }
}
`,
};

/** Calls whose fixes need more than a method in a chain, and files that need the import. */
const snippets = {
  'NoImports.java': `class NoImports {
  Object m(io.grpc.Channel channel) {
    return com.example.market.v1.PriceServiceGrpc.newBlockingStub(channel).checkPrice(null);
  }
}
`,
  'StaticImport.java': `import static java.util.concurrent.TimeUnit.SECONDS;

class StaticImport {
  long units = SECONDS.toMillis(1);

  Object m(com.example.market.v1.PriceServiceGrpc.PriceServiceFutureStub[] stubs, io.grpc.Channel channel) {
    return com.example.market.v1.PriceServiceGrpc.newFutureStub(channel).checkPrice(null);
  }
}
`,
  'OtherTimeUnit.java': `import com.example.market.v1.PriceServiceGrpc;

class OtherTimeUnit {
  enum TimeUnit { SECONDS }

  Object m(io.grpc.Channel channel) {
    return PriceServiceGrpc.newBlockingV2Stub(channel);
  }
}
`,
  'References.java': `import com.example.market.v1.CheckPriceRequest;
import com.example.market.v1.CheckPriceResponse;
import com.example.market.v1.PriceServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import java.util.List;
import java.util.stream.Collectors;

class References {
  private final PriceServiceGrpc.PriceServiceBlockingStub prices;

  References(Channel channel) {
    prices = PriceServiceGrpc.newBlockingStub(channel);
  }

  List<CheckPriceResponse> all(List<CheckPriceRequest> these) {
    return these.stream().map(prices::checkPrice).collect(Collectors.toList());
  }

  ClientCall<CheckPriceRequest, CheckPriceResponse> call(Channel channel) {
    CallOptions options = CallOptions.DEFAULT.withCompression("gzip");
    return channel.newCall(PriceServiceGrpc.getCheckPriceMethod(), options);
  }
}
`,
};

const missing = await missingForJava();
if (missing !== undefined) {
  console.log(`Java sources are not compiled: ${missing}.`);
}

describe.skipIf(missing !== undefined)('Java', () => {
  let compiler: JavaCompiler;
  let folder = '';

  beforeAll(async () => {
    compiler = await JavaCompiler.prepare();
    folder = await mkdtemp(join(tmpdir(), 'frameline-java-'));
  }, 300_000);

  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Writes the files, compiles them together, and gives what the compiler says. */
  async function compiled(name: string, files: Readonly<Record<string, string>>): Promise<string> {
    const to = join(folder, name);
    await mkdir(join(to, 'classes'), { recursive: true });
    const paths = Object.entries(files).map(async ([file, text]) => {
      const path = join(to, basename(file));
      await writeFile(path, text);
      return path;
    });
    return compiler.compile(await Promise.all(paths), join(to, 'classes'));
  }

  async function fixtureTexts(): Promise<Record<string, string>> {
    const entries = sources.map(async (name) => [
      name,
      await readFile(join(fixtures, name), 'utf8'),
    ]);
    return { ...Object.fromEntries(await Promise.all(entries)), ...snippets };
  }

  it('compiles the annotated sources as they are', async () => {
    expect(await compiled('before', { ...(await fixtureTexts()), ...others })).toBe('');
  });

  it('compiles them after all fixes', async () => {
    const fixed: Record<string, string> = {};
    for (const [name, text] of Object.entries(await fixtureTexts())) {
      fixed[name] = await fixedSource(java, text);
    }
    const changed = Object.keys(snippets).filter(
      (name) => fixed[name] !== snippets[name as keyof typeof snippets],
    );
    expect(changed).toEqual(['NoImports.java', 'StaticImport.java', 'References.java']);
    expect(await compiled('after', { ...fixed, ...others })).toBe('');
  });

  it('has the library do what the linter takes for granted', async () => {
    const facts = join(import.meta.dirname, '../java/Facts.java');
    const text = await readFile(facts, 'utf8');
    expect(await compiled('facts', { 'Facts.java': text })).toBe('');
    const lines = (await compiler.run('Facts', join(folder, 'facts', 'classes')))
      .trim()
      .split('\n');
    expect(lines.filter((line) => !line.endsWith(': yes'))).toEqual([]);
    expect(lines).toHaveLength(12);
  });
});
