import { describe, expect, it } from 'vitest';
import type { ChannelFact } from '../../../../src/lint/facts';
import { csharp } from '../../../../src/lint/languages/csharp';
import { factsIn, lowered, marketContext, verdictsIn } from '../../../tools/lintSnippet';

describe('lowering C#', () => {
  it('finds what a plain name belongs to', async () => {
    const text = await lowered(
      csharp,
      `using P = A.B.PClient;
       class Outer(Stub client) {
         static readonly Options Shared = Make(1);
         Stub _stub = client;
         Stub Lazy => _stub ??= new Stub();
         class Inner { void Run() { Use(Shared, _own); } int _own; }
         public Outer(Stub stub, int _stub) : this(stub) { this._stub = stub; Use(_stub, client); }
         static Options Make(int n) => new(n);
       }`,
    );
    expect(text).toBe(`import P = A.B.PClient
class Outer
  field client: Stub
  static field Shared: Options = Outer.Make(1)
  field _stub: Stub = Outer.client
  field Lazy: Stub = { fn (): Stub of this; return (this._stub = (this._stub | new Stub())) }()
  constructor .ctor(stub: Stub, _stub: int) of this
    ?(stub)
    this._stub = stub
    Use(_stub, this.client)
  fn Make(n: int): Options of this
    return new Options(n)
  class Inner
    field _own: int
    fn Run(): void of this
      Use(Outer.Shared, this._own)`);
  });

  it('keeps the ways that a program can take apart', async () => {
    const text = await lowered(
      csharp,
      `switch (x) { case 1: a(); break; default: b(); break; }
       var y = x switch { 1 => a(), _ => throw new E() };
       foreach (var (k, v) in xs) { if (k) continue; c(k ?? throw new E()); }
       try { a(); } catch (E e) when (e.X) { b(); } finally { c(); }
       using (var z = a()) lock (z) { z.B(); }
       do { a(); } while (x is Foo foo && b(foo));
       await foreach (var item in a?.B(1)!.C()) { item!.D(); }
       int Local(int n) { return n; }`,
    );
    expect(text).toBe(`fn Local(n: int): int
  return n
one of x
- branch
  a()
- branch
  b()
let y = (x ? a())
loop [k, v] in xs
  block
    if k
      leave
    c(~k)
try
  block
    a()
catch
  e.X
  block
    b()
finally
  block
    c()
block
  let z = a()
  z
  block
    z.B()
loop in
  block
    a()
  (?((foo: Foo = x)) && b(foo))
loop item in ~a.B(1).C()
  block
    ~item.D()`);
  });

  it('reads settings in braces, and passes over comments in them', async () => {
    const text = await lowered(
      csharp,
      `var o = new A.B<int>(1, b: 2) { C = 1, /* why */ D = { x, y }, ["k"] = 0x1F, E = { F = 1.5f } };
       CallOptions p = default;
       CallOptions q = new(deadline: null) { };
       var r = f<X.Y>(@"a ""b""", $"{g()}", 10_000L, "\\u0041");`,
    );
    expect(text).toBe(`let o = new A.B(1, b: 2) {C: 1, D: [x, y], k: 31, E: {F: 1.5}}
let p: CallOptions = new CallOptions()
let q: CallOptions = new CallOptions(deadline: null) {}
let r = f<X.Y>("a \\"b\\"", ?(?(), ?(?(), g(), ?())), 10000, "A")`);
  });

  it('reads what has syntax errors', async () => {
    const verdicts = await verdictsIn(
      csharp,
      `class A { void M(ListingService.ListingServiceClient c) { c.GetListing(r); if ( } }`,
    );
    expect(verdicts).toContain('GetListing missing');
  });
});

/** `statements` in a function that has a client `c` and the parameters. */
function inFunction(statements: string, parameters = ''): string {
  return `using Grpc.Core;
class A { void M(ListingService.ListingServiceClient c${parameters}) { ${statements} } }`;
}

describe('C# calls', () => {
  it.each([
    ['c.GetListing(r);', 'missing'],
    ['c.GetListing(r, null, DateTime.UtcNow.AddSeconds(1));', 'safe'],
    ['c.UploadPhotos(null, DateTime.UtcNow.AddSeconds(1));', 'safe'],
    ['c.UploadPhotos(null, null, default);', 'missing'],
    [
      'var o = new CallOptions(); o = o.WithDeadline(DateTime.UtcNow.AddSeconds(1)); c.GetListing(r, o);',
      'safe',
    ],
    ['c.GetListing(r, new CallOptions().WithHeaders(h).WithCancellationToken(t));', 'missing'],
    ['var o = Elsewhere.Options(); c.GetListing(r, o);', 'unknown'],
    ['var headers = Elsewhere.Headers(); c.GetListing(r, headers);', 'missing'],
    [
      'DateTime? d = null; if (x) d = DateTime.UtcNow.AddSeconds(1); c.GetListing(r, deadline: d);',
      'missing',
    ],
    [
      'DateTime? d = null; d ??= DateTime.UtcNow.AddSeconds(1); c.GetListing(r, deadline: d);',
      'safe',
    ],
    ['c.GetListing(r, deadline: Elsewhere.Deadline());', 'unknown'],
    [
      'using var s = CancellationTokenSource.CreateLinkedTokenSource(t); s.CancelAfter(1000); c.GetListing(r, cancellationToken: s.Token);',
      'safe',
    ],
  ])('%s', async (statements, verdict) => {
    const verdicts = await verdictsIn(csharp, inFunction(statements, ', CancellationToken t'));
    expect(verdicts.map((each) => each.split(' ')[1])).toEqual([verdict]);
  });

  it('takes only methods of a known service for RPCs', async () => {
    const text = inFunction('c.Ping(r); c.ToString(); c.GetListingAsync(r);');
    expect(await verdictsIn(csharp, text)).toEqual(['GetListingAsync missing']);
  });

  it('takes a client of a service that nobody knows for one where gRPC is used', async () => {
    const body =
      'class A { void M(Greeter.GreeterClient c, Some.Mail.MailClient m) { c.SayHello(r); m.Send(r); } }';
    expect(await verdictsIn(csharp, `using Grpc.Core;\n${body}`)).toEqual(['SayHello missing']);
    expect(await verdictsIn(csharp, body)).toEqual([]);
  });

  it('heeds the names in frameline.json', async () => {
    const text = `class A { void M(Company.MarketFacade f, GrpcChannel ch) {
      f.Buy(r);
      Policies.Bounded(new ListingService.ListingServiceClient(ch)).GetListing(r);
      new ListingService.ListingServiceClient(ch.Intercept(new CompanyPolicy())).GetListing(r);
    } }`;
    const context = marketContext({
      stubs: ['*Facade'],
      helpers: ['Bounded'],
      interceptors: ['CompanyPolicy'],
    });
    expect(await verdictsIn(csharp, text, context)).toEqual(['Buy missing', 'GetListing safe']);
  });

  it('knows what a registration in the file gives its client', async () => {
    const text = (chain: string) => `using Grpc.Core;
      class A { void S(IServiceCollection s) { s.AddGrpcClient<ListingService.ListingServiceClient>(o => { o.X = "("; })${chain}; }
        void M(ListingService.ListingServiceClient c) { c.GetListing(r); } }
      class Fill : Interceptor { void X() { o.WithDeadline(t); } }`;
    expect(await verdictsIn(csharp, text(''))).toEqual(['GetListing missing']);
    expect(await verdictsIn(csharp, text('.EnableCallContextPropagation()'))).toEqual([
      'GetListing inherited',
    ]);
    expect(await verdictsIn(csharp, text('.AddInterceptor<Fill>()'))).toEqual(['GetListing safe']);
    expect(await verdictsIn(csharp, text('.AddInterceptor(() => new Fill())'))).toEqual([
      'GetListing safe',
    ]);
    expect(await verdictsIn(csharp, text('.AddInterceptor(p => p.Get())'))).toEqual([
      'GetListing unknown',
    ]);
  });

  it('says why', async () => {
    const facts = await factsIn(
      csharp,
      inFunction('c.GetListing(r, cancellationToken: t);', ', CancellationToken t'),
    );
    expect(facts).toMatchObject([
      { why: 'a CancellationToken is no deadline', service: 'ListingService' },
    ]);
  });
});

describe('C# channels', () => {
  const channel = async (text: string) =>
    (await factsIn(csharp, `using Grpc.Net.Client;\n${text}`)).find(
      (fact): fact is ChannelFact => fact.kind === 'channel',
    );

  it('reads keepalive and policy of a channel', async () => {
    expect(
      await channel(`var c = GrpcChannel.ForAddress("dns:///market:443", new GrpcChannelOptions {
        HttpHandler = new SocketsHttpHandler { KeepAlivePingDelay = TimeSpan.FromMinutes(6), KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests },
        ServiceConfig = new ServiceConfig { LoadBalancingConfigs = { new RoundRobinConfig() } },
      });`),
    ).toMatchObject({
      implementation: 'grpc-dotnet',
      target: 'dns:///market:443',
      keepalive: { time: 360_000, withoutCalls: false },
      policy: 'round_robin',
      isOpen: false,
      place: 'module',
    });
  });

  it('assumes nothing of options that it does not see', async () => {
    expect(
      await channel('var c = GrpcChannel.ForAddress(address, Elsewhere.Options());'),
    ).toMatchObject({
      isOpen: true,
    });
  });

  it('reads the handler of the client factory', async () => {
    const text = `services.AddGrpcClient<A.AClient>().ConfigurePrimaryHttpMessageHandler(() =>
      new SocketsHttpHandler { KeepAlivePingDelay = TimeSpan.FromSeconds(10) });`;
    expect(await channel(text)).toMatchObject({
      keepalive: { time: 10_000, withoutCalls: true },
      isOpen: true,
    });
    const configured = `services.AddGrpcClient<A.AClient>().ConfigureChannel(o => {
      o.HttpHandler = new SocketsHttpHandler { KeepAlivePingDelay = TimeSpan.FromSeconds(20) };
    });`;
    expect(await channel(configured)).toMatchObject({ keepalive: { time: 20_000 } });
  });
});
