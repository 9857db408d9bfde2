import { describe, expect, it } from 'vitest';
import type { ChannelFact, Fact } from '../../../../src/lint/facts';
import { go } from '../../../../src/lint/languages/go';
import { factsIn, verdictsIn } from '../../../tools/lintSnippet';

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
const verdicts = (text: string) => verdictsIn(go, head + text);

describe('a channel', () => {
  const channelIn = async (text: string): Promise<ChannelFact | undefined> => {
    const facts: readonly Fact[] = await factsIn(
      go,
      `${head.replace('"errors"', '"google.golang.org/grpc/balancer/roundrobin"\n"google.golang.org/grpc/keepalive"\n"fmt"')}${text}`,
    );
    return facts.find((fact) => fact.kind === 'channel');
  };
  const made = (options: string) =>
    channelIn(`func f() { conn, err := grpc.NewClient("dns:///x", ${options}); use(conn, err) }`);

  it.each([
    [
      'grpc.WithDefaultServiceConfig(`{"loadBalancingConfig": [{"round_robin": {}}]}`)',
      'round_robin',
      false,
    ],
    ['grpc.WithDefaultServiceConfig(`{"loadBalancingPolicy": "pick_first"}`)', 'pick_first', false],
    [
      'grpc.WithDefaultServiceConfig(fmt.Sprintf(`{"loadBalancingPolicy": "%s"}`, roundrobin.Name))',
      'round_robin',
      false,
    ],
    ['grpc.WithBalancerName(roundrobin.Name)', 'round_robin', false],
    ['grpc.WithDefaultServiceConfig(load())', undefined, true],
    ['grpc.WithUserAgent("x")', undefined, false],
    ['options()...', undefined, true],
    ['append([]grpc.DialOption{grpc.WithUserAgent("x")}, more...)...', undefined, true],
  ])('%s has the policy %s', async (options, policy, isOpen) => {
    expect(await made(options)).toMatchObject({ target: 'dns:///x', isOpen });
    expect((await made(options))?.policy).toBe(policy);
  });

  it.each([
    ['Time: 30 * time.Second, PermitWithoutStream: true', [30_000, undefined, true]],
    ['Timeout: time.Second', [10_000, 1_000, undefined]],
    ['Time: every', [undefined, undefined, undefined]],
  ])('reads keepalive {%s}', async (parameters, expected) => {
    const channel = await made(
      `grpc.WithKeepaliveParams(keepalive.ClientParameters{${parameters}})`,
    );
    const { time, timeout, withoutCalls } = channel?.keepalive ?? { time: 0 };
    expect([time, timeout, withoutCalls]).toEqual(expected);
  });

  it('without keepalive has none', async () => {
    expect((await made('grpc.WithUserAgent("x")'))?.keepalive).toBeUndefined();
  });

  const handler = (body: string) =>
    `import "net/http"\ntype S struct { c pb.ListingServiceClient; conns map[string]*grpc.ClientConn }\nfunc (s *S) ServeHTTP(w http.ResponseWriter, r *http.Request) { ${body} }`;

  it.each([
    ['module', 'var conn, err = grpc.NewClient("x")'],
    ['function', 'func f() { conn, err := grpc.NewClient("x"); use(conn, err) }'],
    ['loop', 'func f() { for { conn, err := grpc.NewClient("x"); use(err); conn.Close() } }'],
    [
      'function',
      'func f() { for { conn, err := grpc.NewClient("x"); use(err); all = append(all, conn) } }',
    ],
    [
      'function',
      'func f() *grpc.ClientConn { for { conn, err := grpc.NewClient("x"); if err == nil { return conn } } }',
    ],
    ['handler', handler('conn, err := grpc.NewClient("x"); use(err); defer conn.Close()')],
    [
      'function',
      handler('conn, err := grpc.NewClient("x"); use(err); s.c = pb.NewListingServiceClient(conn)'),
    ],
    ['function', handler('conn, err := grpc.NewClient("x"); use(err); s.conns["x"] = conn')],
    ['function', handler('once.Do(func() { conn, err := grpc.NewClient("x"); use(conn, err) })')],
  ])('is made in a %s: %s', async (place, text) => {
    expect((await channelIn(text))?.place).toBe(place);
  });

  it.each([
    ['WithChainUnaryInterceptor(logged, own)', 'GetListing safe', 'SearchListings missing'],
    ['WithUnaryInterceptor(logged)', 'GetListing missing', 'SearchListings missing'],
    ['WithStreamInterceptor(streams(time.Second))', 'GetListing missing', 'SearchListings safe'],
    [
      'WithUnaryInterceptor(policy.DeadlineInterceptor())',
      'GetListing unknown',
      'SearchListings missing',
    ],
    ['WithDefaultServiceConfig(load())', 'GetListing unknown', 'SearchListings unknown'],
    [
      'WithDefaultServiceConfig(`{"methodConfig":[{"name":[{"service":"market.v1.ListingService","method":"GetListing"}],"timeout":"1s"}]}`)',
      'GetListing safe',
      'SearchListings missing',
    ],
  ])('made with %s bounds %s and %s', async (option, ...expected) => {
    const text = `import "example.com/policy"
      func logged(ctx context.Context, m string, a, b any, cc *grpc.ClientConn, next grpc.UnaryInvoker, o ...grpc.CallOption) error { return next(ctx, m, a, b, cc, o...) }
      func own(ctx context.Context, m string, a, b any, cc *grpc.ClientConn, next grpc.UnaryInvoker, o ...grpc.CallOption) error {
        ctx, cancel := context.WithTimeout(ctx, time.Second)
        defer cancel()
        return next(ctx, m, a, b, cc, o...)
      }
      func streams(d time.Duration) grpc.StreamClientInterceptor {
        return func(ctx context.Context, x *grpc.StreamDesc, cc *grpc.ClientConn, m string, s grpc.Streamer, o ...grpc.CallOption) (grpc.ClientStream, error) {
          ctx, _ = context.WithTimeout(ctx, d)
          return s(ctx, x, cc, m, o...)
        }
      }
      func f() {
        conn, err := grpc.NewClient("x", grpc.${option})
        use(err)
        c := pb.NewListingServiceClient(conn)
        c.GetListing(context.Background(), r)
        c.SearchListings(context.Background(), r)
      }`;
    expect(await verdicts(text)).toEqual(expected);
  });

  it.each(['github.com/zeromicro/go-zero/zrpc', 'github.com/go-kratos/kratos/v2/transport/grpc'])(
    'of %s has a timeout of its own',
    async (path) => {
      const text = `import rpc "${path}"\nfunc f() { conn, err := rpc.DialInsecure(x); use(err); pb.NewListingServiceClient(conn).GetListing(context.TODO(), r); pb.NewListingServiceClient(rpc.MustNewClient(x).Conn()).GetListing(context.TODO(), r) }`;
      expect(await verdicts(text)).toEqual(['GetListing safe', 'GetListing safe']);
    },
  );
});

describe('an option that is ignored', () => {
  it('goes away with its comma', async () => {
    const text = `${head}func f() { conn, err := grpc.NewClient("x", grpc.WithUserAgent("y"), grpc.WithBlock()); use(conn, err) }`;
    const [option] = (await factsIn(go, text)).filter((fact) => fact.kind === 'option');
    const { span, text: instead } = option?.replacement ?? { span: { from: 0, to: 0 }, text: '' };
    expect(text.slice(0, span.from) + instead + text.slice(span.to)).toContain(
      'grpc.NewClient("x", grpc.WithUserAgent("y"));',
    );
  });

  it('in a list has no fix', async () => {
    const text = `${head}func f() { o := []grpc.DialOption{grpc.WithBlock()}; conn, err := grpc.NewClient("x", o...); use(conn, err) }`;
    const [option] = (await factsIn(go, text)).filter((fact) => fact.kind === 'option');
    expect(option).toMatchObject({ span: { from: text.indexOf('WithBlock') } });
    expect(option?.replacement).toBeUndefined();
  });
});
