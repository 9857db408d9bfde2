import { describe, expect, it } from 'vitest';
import { go } from '../../../../src/lint/languages/go';
import { fixedSource } from '../../../tools/lintSnippet';

const imports = `import (
	"context"
	"time"

	pb "example.com/market/gen/market/v1"
)
`;

/** The body of a function with a stub, after the fix. */
async function fixedBody(
  body: string,
  head = 'func f(client pb.ListingServiceClient) error',
): Promise<string> {
  const start = `package market\n\n${imports}\n${head} {\n`;
  const fixed = await fixedSource(go, `${start}${body}}\n`);
  expect(fixed.startsWith(start)).toBe(true);
  return fixed.slice(start.length, -2);
}

describe('the context', () => {
  it.each([
    [
      'is made where there was none',
      '\t_, err := client.GetListing(context.Background(), req)\n\treturn err\n',
      '\tctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)\n\tdefer cancel()\n\t_, err := client.GetListing(ctx, req)\n\treturn err\n',
    ],
    [
      'keeps its name when nothing else uses it afterwards',
      '\tctx := context.Background()\n\t_, err := client.GetListing(ctx, req)\n\treturn err\n',
      '\tctx := context.Background()\n\tctx, cancel := context.WithTimeout(ctx, 5*time.Second)\n\tdefer cancel()\n\t_, err := client.GetListing(ctx, req)\n\treturn err\n',
    ],
    [
      'gets another name when it is used afterwards',
      '\tctx := context.TODO()\n\t_, err := client.GetListing(ctx, req)\n\twait(ctx)\n\treturn err\n',
      '\tctx := context.TODO()\n\tcallCtx, cancel := context.WithTimeout(ctx, 5*time.Second)\n\tdefer cancel()\n\t_, err := client.GetListing(callCtx, req)\n\twait(ctx)\n\treturn err\n',
    ],
    [
      'gets another name when a closure has it',
      '\tctx := context.TODO()\n\tgo func() { wait(ctx) }()\n\t_, err := client.GetListing(ctx, req)\n\treturn err\n',
      '\tctx := context.TODO()\n\tgo func() { wait(ctx) }()\n\tcallCtx, cancel := context.WithTimeout(ctx, 5*time.Second)\n\tdefer cancel()\n\t_, err := client.GetListing(callCtx, req)\n\treturn err\n',
    ],
    [
      'and its cancel function leave other variables alone',
      '\tctx, cancel := context.WithCancel(context.Background())\n\tdefer cancel()\n\tcallCtx := 1\n\t_, err := client.GetListing(context.Background(), req)\n\twait(ctx, callCtx)\n\treturn err\n',
      '\tctx, cancel := context.WithCancel(context.Background())\n\tdefer cancel()\n\tcallCtx := 1\n\tcallCtx2, cancelCall := context.WithTimeout(context.Background(), 5*time.Second)\n\tdefer cancelCall()\n\t_, err := client.GetListing(callCtx2, req)\n\twait(ctx, callCtx)\n\treturn err\n',
    ],
  ])('%s', async (_, before, after) => {
    expect(await fixedBody(before)).toBe(after);
  });

  it('of a field is wrapped', async () => {
    const start = '\ts.ctx = context.Background()\n';
    const call = '\t_, err := client.GetListing(s.ctx, req)\n\treturn err\n';
    const head = 'func (s *S) f(client pb.ListingServiceClient) error';
    expect(await fixedBody(start + call, head)).toBe(
      `${start}\tctx, cancel := context.WithTimeout(s.ctx, 5*time.Second)\n\tdefer cancel()\n${call.replace('s.ctx', 'ctx')}`,
    );
  });
});

describe('a call in', () => {
  it.each([
    [
      'an if',
      '\tif x, err := client.GetListing(context.Background(), req); err != nil {\n\t\treturn use(x)\n\t}\n\treturn nil\n',
      '\tctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)\n\tdefer cancel()\n\tif x, err := client.GetListing(ctx, req); err != nil {\n\t\treturn use(x)\n\t}\n\treturn nil\n',
    ],
    [
      'a return',
      '\treturn only(client.GetListing(context.Background(), req))\n',
      '\tctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)\n\tdefer cancel()\n\treturn only(client.GetListing(ctx, req))\n',
    ],
    [
      'a switch',
      '\tswitch _, err := client.GetListing(context.Background(), req); err {\n\tcase nil:\n\t}\n\treturn nil\n',
      '\tctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)\n\tdefer cancel()\n\tswitch _, err := client.GetListing(ctx, req); err {\n\tcase nil:\n\t}\n\treturn nil\n',
    ],
    [
      'a case',
      '\tswitch {\n\tcase true:\n\t\tclient.GetListing(context.Background(), req)\n\t}\n\treturn nil\n',
      '\tswitch {\n\tcase true:\n\t\tctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)\n\t\tdefer cancel()\n\t\tclient.GetListing(ctx, req)\n\t}\n\treturn nil\n',
    ],
    [
      'several lines',
      '\t_, err := client.\n\t\tGetListing(\n\t\t\tcontext.Background(),\n\t\t\treq,\n\t\t)\n\treturn err\n',
      '\tctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)\n\tdefer cancel()\n\t_, err := client.\n\t\tGetListing(\n\t\t\tctx,\n\t\t\treq,\n\t\t)\n\treturn err\n',
    ],
    [
      'a closure, where the timer ends with it',
      '\tgo func() {\n\t\tclient.GetListing(context.Background(), req)\n\t}()\n\treturn nil\n',
      '\tgo func() {\n\t\tctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)\n\t\tdefer cancel()\n\t\tclient.GetListing(ctx, req)\n\t}()\n\treturn nil\n',
    ],
    [
      'a closure on one line',
      '\treturn try(func() error { _, err := client.GetListing(context.Background(), req); return err })\n',
      '\treturn try(func() error {\n\t\tctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)\n\t\tdefer cancel()\n\t\t_, err := client.GetListing(ctx, req)\n\t\treturn err\n\t})\n',
    ],
  ])('%s', async (_, before, after) => {
    expect(await fixedBody(before)).toBe(after);
  });

  it.each([
    [
      'the else of an if',
      '\tif a() {\n\t} else if _, err := client.GetListing(context.Background(), req); err != nil {\n\t\treturn err\n\t}\n\treturn nil\n',
    ],
    [
      'the condition of a loop',
      '\tfor is(client.GetListing(context.Background(), req)) {\n\t}\n\treturn nil\n',
    ],
    ['defer', '\tdefer client.GetListing(context.Background(), req)\n\treturn nil\n'],
    ['go', '\tgo client.GetListing(context.Background(), req)\n\treturn nil\n'],
    [
      'a case',
      '\tswitch x {\n\tcase first(client.GetListing(context.Background(), req)):\n\t}\n\treturn nil\n',
    ],
    [
      'an if that makes its context',
      '\tif ctx := context.Background(); is(client.GetListing(ctx, req)) {\n\t}\n\treturn nil\n',
    ],
    [
      'a function that calls something else time',
      '\ttime := 5\n\t_, err := client.GetListing(context.Background(), req)\n\treturn use(time, err)\n',
    ],
  ])('%s is left as it is', async (_, body) => {
    expect(await fixedBody(body)).toBe(body);
  });
});

describe('in a loop', () => {
  it.each([
    [
      'the timer is stopped when the response is there',
      '\tfor _, id := range ids {\n\t\tx, err := client.GetListing(context.Background(), req(id)) // slow\n\t\tuse(x, err)\n\t}\n\treturn nil\n',
      '\tfor _, id := range ids {\n\t\tctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)\n\t\tx, err := client.GetListing(ctx, req(id)) // slow\n\t\tcancel()\n\t\tuse(x, err)\n\t}\n\treturn nil\n',
    ],
    [
      'the call comes out of an if',
      '\tfor {\n\t\tif _, err := client.GetListing(context.Background(), req); err != nil {\n\t\t\treturn err\n\t\t}\n\t}\n',
      '\tfor {\n\t\tctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)\n\t\t_, err := client.GetListing(ctx, req)\n\t\tcancel()\n\t\tif err != nil {\n\t\t\treturn err\n\t\t}\n\t}\n',
    ],
    [
      'a return ends it',
      '\tfor {\n\t\treturn only(client.GetListing(context.Background(), req))\n\t}\n',
      '\tfor {\n\t\tctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)\n\t\tdefer cancel()\n\t\treturn only(client.GetListing(ctx, req))\n\t}\n',
    ],
    [
      'a closure has an end of its own',
      '\tfor range 3 {\n\t\tgroup.Go(func() error {\n\t\t\treturn only(client.GetListing(context.Background(), req))\n\t\t})\n\t}\n\treturn nil\n',
      '\tfor range 3 {\n\t\tgroup.Go(func() error {\n\t\t\tctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)\n\t\t\tdefer cancel()\n\t\t\treturn only(client.GetListing(ctx, req))\n\t\t})\n\t}\n\treturn nil\n',
    ],
  ])('%s', async (_, before, after) => {
    expect(await fixedBody(before)).toBe(after);
  });

  it.each([
    [
      'an if stays when its variables would meet others',
      '\tvar err error\n\tfor {\n\t\tif _, err := client.GetListing(context.Background(), req); err != nil {\n\t\t}\n\t\tuse(err)\n\t}\n',
    ],
    [
      'a stream is read until nobody knows when',
      '\tfor {\n\t\tstream, err := client.SearchListings(context.Background(), req)\n\t\tuse(stream, err)\n\t}\n',
    ],
  ])('%s', async (_, body) => {
    expect(await fixedBody(body)).toBe(body);
  });
});

describe('a stream', () => {
  const read =
    '\tfor {\n\t\tif _, err := stream.Recv(); err != nil {\n\t\t\treturn err\n\t\t}\n\t}\n';

  it('has its deadline until the function ends', async () => {
    expect(
      await fixedBody(
        `\tstream, err := client.SearchListings(context.Background(), req)\n\tuse(err)\n${read}`,
      ),
    ).toBe(
      `\tctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)\n\tdefer cancel()\n\tstream, err := client.SearchListings(ctx, req)\n\tuse(err)\n${read}`,
    );
  });

  it.each([
    ['is returned', '\treturn client.SearchListings(context.Background(), req)\n'],
    [
      'is returned later',
      '\tstream, err := client.SearchListings(context.Background(), req)\n\treturn stream, err\n',
    ],
    [
      'is kept',
      '\tstream, err := client.Negotiate(context.Background())\n\ts.stream = stream\n\treturn err\n',
    ],
    ['is kept at once', '\ts.stream, err = client.Negotiate(context.Background())\n\treturn err\n'],
    [
      'goes to another goroutine',
      '\tstream, err := client.Negotiate(context.Background())\n\tgo func() { stream.Recv() }()\n\treturn err\n',
    ],
    ['of an unknown RPC is returned', '\treturn client.Unheard(context.Background())\n'],
  ])('that %s is left as it is', async (_, body) => {
    const head =
      'func (s *S) f(client pb.ListingServiceClient) (pb.ListingService_NegotiateClient, error)';
    expect(await fixedBody(body, head)).toBe(body);
  });
});

describe('imports', () => {
  const body =
    '\nfunc f(client pb.ListingServiceClient) {\n\tclient.GetListing(contexts.Background(), req)\n}\n';
  const fixedImports = async (text: string, use = 'context'): Promise<string> => {
    const source = `package market\n\n${text}\n${body.replace('contexts', use)}`;
    const fixed = await fixedSource(go, source);
    return fixed.slice('package market\n\n'.length, fixed.indexOf('\n\nfunc f'));
  };
  const pb = 'pb "example.com/market/gen/market/v1"';

  it.each([
    [
      'in the order of the group',
      `import (\n\t"context"\n\t"fmt"\n\t"unicode" // for names\n\n\t${pb}\n)`,
      `import (\n\t"context"\n\t"fmt"\n\t"time"\n\t"unicode" // for names\n\n\t${pb}\n)`,
    ],
    [
      'behind a comment at the end of the line',
      `import (\n\t"context" // for deadlines\n\n\t${pb}\n)`,
      `import (\n\t"context" // for deadlines\n\t"time"\n\n\t${pb}\n)`,
    ],
    [
      'to a block of its own line by line',
      `import "context"\nimport ${pb}`,
      `import "context"\nimport ${pb}\nimport "time"`,
    ],
  ])('are added %s', async (_, before, after) => {
    expect(await fixedImports(before)).toBe(after);
  });

  it('make a block of a single one', async () => {
    const text =
      'package market\n\nimport "context"\n\nfunc f(c ListingServiceClient) {\n\tc.GetListing(context.Background(), req)\n}\n';
    expect(await fixedSource(go, text)).toContain(
      'package market\n\nimport (\n\t"context"\n\t"time"\n)\n\nfunc f',
    );
  });

  it('are used by the names that the file gives them', async () => {
    const text = `import (\n\tcontexts "context"\n\tclock "time"\n\n\t${pb}\n)`;
    const fixed = await fixedSource(go, `package market\n\n${text}\n${body}`);
    expect(fixed).toContain(`${text}\n`);
    expect(fixed).toContain('contexts.WithTimeout(contexts.Background(), 5*clock.Second)');
  });

  it('come as a group of their own when the others are not of the standard library', async () => {
    const others = '\t"golang.org/x/net/context"\n\n';
    expect(await fixedImports(`import (\n${others}\t${pb}\n)`)).toBe(
      `import (\n\t"time"\n\n${others}\t${pb}\n)`,
    );
  });
});

it.each([
  [500, '500*time.Millisecond'],
  [1_000, 'time.Second'],
  [1_500, '1500*time.Millisecond'],
  [90_000, '90*time.Second'],
  [60_000, 'time.Minute'],
  [7_200_000, '2*time.Hour'],
])('writes %d ms as %s', async (defaultDeadline, written) => {
  const text = `package market\n\n${imports}\nfunc f(client pb.ListingServiceClient) {\n\tclient.GetListing(context.Background(), req)\n}\n`;
  expect(await fixedSource(go, text, { defaultDeadline })).toContain(
    `context.WithTimeout(context.Background(), ${written})`,
  );
});

it('gives two calls of one function a timeout each', async () => {
  expect(
    await fixedBody(
      '\tctx := context.Background()\n\tclient.GetListing(ctx, req)\n\tclient.CreateListing(ctx, req)\n\treturn nil\n',
    ),
  ).toBe(
    '\tctx := context.Background()\n\tcallCtx, cancel := context.WithTimeout(ctx, 5*time.Second)\n\tdefer cancel()\n\tclient.GetListing(callCtx, req)\n\tctx, cancelCall := context.WithTimeout(ctx, 5*time.Second)\n\tdefer cancelCall()\n\tclient.CreateListing(ctx, req)\n\treturn nil\n',
  );
});
