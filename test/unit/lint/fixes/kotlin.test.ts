import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kotlin } from '../../../../src/lint/languages/kotlin';
import { fixedSource } from '../../../tools/lintSnippet';

const start = `import com.x.ListingServiceGrpcKt.ListingServiceCoroutineStub
import java.util.concurrent.TimeUnit

class A(private val s: ListingServiceCoroutineStub, private val t: ListingServiceCoroutineStub?, val c: io.grpc.Channel) {
  suspend fun m() {
    `;
const end = '\n  }\n}\n';

describe('a deadline for a call', () => {
  it.each([
    ['s.getListing(q)', 's.withDeadlineAfter(5, TimeUnit.SECONDS).getListing(q)'],
    ['t?.getListing(q)', 't?.withDeadlineAfter(5, TimeUnit.SECONDS)?.getListing(q)'],
    ['t!!.getListing(q)', 't!!.withDeadlineAfter(5, TimeUnit.SECONDS).getListing(q)'],
    [
      's.let { it.getListing(q) }',
      's.let { it.withDeadlineAfter(5, TimeUnit.SECONDS).getListing(q) }',
    ],
    [
      'ListingServiceCoroutineStub(c).getListing(q)',
      'ListingServiceCoroutineStub(c).withDeadlineAfter(5, TimeUnit.SECONDS).getListing(q)',
    ],
    [
      'xs.map(s::getListing)',
      'xs.map({ request -> s.withDeadlineAfter(5, TimeUnit.SECONDS).getListing(request) })',
    ],
    // The stub isn't written there.
    ['with(s) { getListing(q) }', 'with(s) { getListing(q) }'],
  ])('%s', async (before, after) => {
    expect(await fixedSource(kotlin, start + before + end)).toBe(start + after + end);
  });

  it('stands on a line of its own where the chain does', async () => {
    const text = `${start}t
      ?.withCompression("gzip")
      ?.getListing(q)${end}`;
    expect(await fixedSource(kotlin, text)).toContain(`
      ?.withCompression("gzip")
      ?.withDeadlineAfter(5, TimeUnit.SECONDS)
      ?.getListing(q)`);
  });
});

describe('the import of TimeUnit', () => {
  const body = `fun m(c: io.grpc.Channel) {
  com.x.ListingServiceGrpc.newBlockingStub(c).getListing(q)
}
`;
  const unit = 'import java.util.concurrent.TimeUnit';

  it.each([
    ['the only one', '', `${unit}\n\nfun`],
    ['after the package', 'package a.b\n\n', `package a.b\n\n${unit}\n\nfun`],
    [
      'in the order',
      'import a.B\nimport z.C as D\n\n',
      `import a.B\n${unit}\nimport z.C as D\n\nfun`,
    ],
    ['after the last', 'import a.B\nimport a.c.*\n\n', `import a.B\nimport a.c.*\n${unit}\n\nfun`],
    ['there', `${unit}\n\n`, `${unit}\n\nfun`],
  ])('%s', async (_, before, after) => {
    const fixed = await fixedSource(kotlin, before + body);
    expect(fixed.slice(0, after.length)).toBe(after);
    expect(fixed).toContain('.withDeadlineAfter(5, TimeUnit.SECONDS)');
  });

  it('not for a unit that has a name of its own', async () => {
    const imports = 'import java.util.concurrent.TimeUnit.SECONDS\n\n';
    expect(await fixedSource(kotlin, imports + body)).toContain('.withDeadlineAfter(5, SECONDS)');
  });
});

const folder = join(import.meta.dirname, '../../../fixtures/lint/kotlin');

it.each(readdirSync(folder).filter((name) => name.endsWith('.kt')))(
  'mends all of %s at once',
  async (name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    const fixed = await fixedSource(kotlin, text);
    expect(fixed !== text).toBe(/want "(?:missing-deadline|unbounded-wait)"/.test(text));
  },
);
