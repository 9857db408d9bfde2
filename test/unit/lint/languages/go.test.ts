import { describe, expect, it } from 'vitest';
import { IndexBuilder } from '../../../../src/lint/index/indexBuilder';
import { go } from '../../../../src/lint/languages/go';
import { SourceFile } from '../../../../src/lint/sourceFile';
import { installedGrammars } from '../../../tools/grammars';
import { factsIn, marketContext, verdictsIn } from '../../../tools/lintSnippet';

const head = `package shop
import (
	"context"
	"errors"
	"time"

	"go.opentelemetry.io/otel"
	"google.golang.org/grpc"

	pb "example.com/market/gen/market/v1"
)
`;

/** `Method deadline` of each call. */
const verdicts = (text: string, context = marketContext()) => verdictsIn(go, head + text, context);

describe('a stub', () => {
  it.each([
    ['a parameter', 'func f(c pb.ListingServiceClient) { c.GetListing(context.TODO(), r) }'],
    [
      'a variable',
      'func f() { var c pb.ListingServiceClient = some(); c.GetListing(context.TODO(), r) }',
    ],
    [
      'a variable that is assigned',
      'func f() { var c pb.ListingServiceClient; c, _ = some(); c.GetListing(context.TODO(), r) }',
    ],
    [
      'a variable of the file',
      'var c pb.ListingServiceClient\nfunc f() { c.GetListing(context.TODO(), r) }',
    ],
    [
      'embedded',
      'type S struct { pb.ListingServiceClient }\nfunc (s *S) f() { s.GetListing(context.TODO(), r) }',
    ],
    [
      'of an element',
      'func f(cs []pb.ListingServiceClient) { cs[0].GetListing(context.TODO(), r) }',
    ],
    [
      'of each element',
      'func f(cs map[string]pb.ListingServiceClient) { for _, c := range cs { c.GetListing(context.TODO(), r) } }',
    ],
    ['asserted', 'func f(x any) { x.(pb.ListingServiceClient).GetListing(context.TODO(), r) }'],
    [
      'a result',
      'func m() (pb.ListingServiceClient, error) { return some() }\nfunc f() { c, err := m(); use(err); c.GetListing(context.TODO(), r) }',
    ],
    [
      'of an alias',
      'type C = pb.ListingServiceClient\nfunc f(c C) { c.GetListing(context.TODO(), r) }',
    ],
    [
      'an interface with call options',
      'type C interface { GetListing(context.Context, *R, ...grpc.CallOption) (*L, error) }\nfunc f(c C) { c.GetListing(context.TODO(), r) }',
    ],
    [
      'its method',
      'func f(c pb.ListingServiceClient) { get := c.GetListing; get(context.TODO(), r) }',
    ],
  ])('is %s', async (_, text) => {
    expect(await verdicts(text)).toEqual(['GetListing missing']);
  });

  it.each([
    [
      'a method that its service does not have',
      'func f(c pb.ListingServiceClient) { c.Heal(context.TODO()) }',
      ['Heal unknown'],
    ],
    ['an unfinished call', 'func f(c pb.ListingServiceClient) { c.GetListing() }', []],
    ['something else first', 'func f(c pb.ListingServiceClient) { c.GetListing("id") }', []],
    [
      'a pointer, which nobody has to a stub',
      'func f(c *pb.ListingServiceClient) { c.GetListing(context.TODO(), r) }',
      [],
    ],
  ])('with %s', async (_, text, expected) => {
    expect(await verdicts(text)).toEqual(expected);
  });

  it.each([
    ['example.com/greeter/proto', true],
    ['example.com/greeter/helloworldpb', true],
    ['google.golang.org/grpc/health/grpc_health_v1', true],
    ['example.com/api/greeter/v1', true],
    ['example.com/greeter', false],
    ['example.com/greeter/mocks', false],
    ['example.com/gen/greeter/v1/greeterv1connect', false],
    ['cloud.google.com/go/greeter/apiv1', false],
    ['k8s.io/client-go/greeter/v1', false],
  ])('of a service that nobody described, in %s: %s', async (path, isOne) => {
    const text = `package x\nimport (\n"context"\n"google.golang.org/grpc"\ng "${path}"\n)\nfunc f(c g.GreeterClient) { c.SayHello(context.TODO(), r) }`;
    const context = { ...marketContext(), index: new IndexBuilder().index() };
    expect(await verdictsIn(go, text, context)).toEqual(isOne ? ['SayHello missing'] : []);
  });
});

describe('a context', () => {
  const call = 'c.GetListing(ctx, r)';
  const fn = (body: string, parameters = '') =>
    verdicts(`func f(c pb.ListingServiceClient${parameters}) { ${body} }`);

  it.each([
    ['context.WithTimeout(context.TODO(), d)', 'safe'],
    ['context.WithDeadlineCause(context.TODO(), d, err)', 'safe'],
    ['context.WithCancelCause(context.TODO())', 'missing'],
    ['tags(context.TODO())', 'unknown'],
  ])('with a cancel function: %s is %s', async (made, deadline) => {
    expect(await fn(`ctx, cancel := ${made}; defer cancel(); ${call}`)).toEqual([
      `GetListing ${deadline}`,
    ]);
  });

  it.each([
    ['otel.Tracer("x").Start(parent, "y")', 'inherited'],
    ['otel.Tracer("x").Start(context.TODO(), "y")', 'missing'],
  ])('with a span: %s is %s', async (made, deadline) => {
    expect(
      await fn(`ctx, span := ${made}; defer span.End(); ${call}`, ', parent context.Context'),
    ).toEqual([`GetListing ${deadline}`]);
  });

  it('of a function of this file is what that makes of its parent', async () => {
    const text = (parent: string) =>
      `func tagged(ctx context.Context) context.Context { return context.WithValue(ctx, k, v) }
       func bounded(ctx context.Context) (context.Context, context.CancelFunc, error) {
         if ctx.Err() != nil { return nil, nil, ctx.Err() }
         ctx, cancel := context.WithTimeout(ctx, time.Second)
         return ctx, cancel, nil
       }
       func f(c pb.ListingServiceClient, parent context.Context) { c.GetListing(tagged(${parent}), r); ctx, cancel, err := bounded(${parent}); defer cancel(); use(err); ${call} }`;
    expect(await verdicts(text('parent'))).toEqual(['GetListing inherited', 'GetListing safe']);
    expect(await verdicts(text('context.Background()'))).toEqual([
      'GetListing missing',
      'GetListing safe',
    ]);
  });

  it('that a goroutine is started with is the one that it is given', async () => {
    expect(await fn(`go func(ctx context.Context) { ${call} }(context.Background())`)).toEqual([
      'GetListing missing',
    ]);
  });

  it('of a field is what constructors and methods give it', async () => {
    const made = (ctx: string) =>
      `type S struct { c pb.ListingServiceClient; ctx context.Context }
       func New(c pb.ListingServiceClient, ctx context.Context) *S { s := &S{c: c}; s.ctx = ${ctx}; return s }
       func (s *S) f() { s.c.GetListing(s.ctx, r) }`;
    expect(await verdicts(made('context.Background()'))).toEqual(['GetListing missing']);
    expect(await verdicts(made('ctx'))).toEqual(['GetListing inherited']);
    expect(await verdicts(made('somewhere()'))).toEqual(['GetListing unknown']);
  });

  it('with a deadline in a variable of the package passes once and for all', async () => {
    const facts = await factsIn(
      go,
      `${head}var ctx, cancel = context.WithTimeout(context.Background(), time.Second)\n`,
    );
    expect(facts.filter(({ kind }) => kind === 'misread')).toHaveLength(1);
  });
});

describe('a timeout', () => {
  const misread = async (timeout: string) => {
    const facts = await factsIn(
      go,
      `${head}const short = 250\nfunc f(n int) { ctx, cancel := context.WithTimeout(context.TODO(), ${timeout}); use(ctx, cancel) }`,
    );
    return facts.find((fact) => fact.kind === 'misread');
  };

  it.each([
    ['5', '5*time.Second'],
    ['2_500', '2_500*time.Millisecond'],
  ])('%s lacks its unit', async (timeout, text) => {
    expect((await misread(timeout))?.replacement).toMatchObject({ text });
  });

  it.each(['short', 'time.Duration(5)', '0', '-1 * time.Second', '0 * time.Minute'])(
    '%s is no timeout to wait for',
    async (timeout) => {
      expect(await misread(timeout)).toMatchObject({ kind: 'misread' });
    },
  );

  it.each([
    '5 * time.Second',
    'time.Duration(5) * time.Second',
    'time.Duration(n)',
    '5e9',
    'time.Microsecond',
    'time.Until(t)',
  ])('%s is one', async (timeout) => {
    expect(await misread(timeout)).toBeUndefined();
  });
});

describe('after an edit elsewhere', () => {
  /** The verdicts' lines before and after. */
  async function edited(text: string, from: string, to: string): Promise<number[]> {
    const file = new SourceFile('x.go', head + text, go, installedGrammars());
    try {
      const counts = [(await file.lint(marketContext())).findings.length];
      const at = file.text.indexOf(from);
      file.update(file.text.replace(from, to), [{ from: at, to: at + from.length, text: to }]);
      counts.push((await file.lint(marketContext())).findings.length);
      return counts;
    } finally {
      file.dispose();
    }
  }

  const stub = 'type S struct { c pb.ListingServiceClient; ctx context.Context }\n';
  const uses =
    'func (s *S) f() { s.c.GetListing(s.ctx, r) }\nfunc (s *S) g() { s.c.GetListing(s.ctx, r) }\n';

  it.each([
    [
      'the constructor',
      `${stub}func New(ctx context.Context) *S { return &S{ctx: ctx} }\n${uses}`,
      '{ctx: ctx}',
      '{ctx: context.TODO()}',
      [0, 2],
    ],
    [
      'the type of a field',
      `${stub}func New() *S { return &S{ctx: context.TODO()} }\n${uses}`,
      'c pb.ListingServiceClient',
      'c *http.Client',
      [2, 0],
    ],
    [
      'an interceptor',
      'func i(ctx context.Context) error { return next(ctx) }\nfunc f() { conn, _ := grpc.NewClient("x", grpc.WithUnaryInterceptor(i)); pb.NewListingServiceClient(conn).GetListing(context.TODO(), r) }',
      'next(ctx)',
      'next(context.WithTimeout(ctx, d))',
      [1, 0],
    ],
    [
      'a helper',
      'func h() context.Context { return some() }\nfunc f(c pb.ListingServiceClient) { c.GetListing(h(), r) }',
      'some()',
      'context.TODO()',
      [0, 1],
    ],
    [
      'a helper that a variable calls',
      'func h() context.Context { return some() }\nvar base = h()\nfunc f(c pb.ListingServiceClient) { c.GetListing(base, r) }',
      'some()',
      'context.TODO()',
      [0, 1],
    ],
    [
      'an interface',
      'type C interface { GetListing(context.Context, *R) (*L, error) }\nfunc f(c C) { c.GetListing(context.TODO(), r) }',
      '*R)',
      '*R, ...grpc.CallOption)',
      [0, 1],
    ],
    [
      'a name',
      'func h2() context.Context { return context.TODO() }\nfunc f(c pb.ListingServiceClient) { c.GetListing(h(), r) }',
      'h2()',
      'h()',
      [0, 1],
    ],
    [
      'a comment',
      `// S calls.\n${stub}func New() *S { return &S{ctx: context.TODO()} }\n${uses}`,
      'S calls',
      'S still calls',
      [2, 2],
    ],
  ])('of %s, what it decides is found anew', async (_, text, from, to, counts) => {
    expect(await edited(text, from, to)).toEqual(counts);
  });
});
