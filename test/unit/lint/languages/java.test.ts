import { describe, expect, it } from 'vitest';
import type { ChannelFact, ServiceConfigFact } from '../../../../src/lint/facts';
import { java } from '../../../../src/lint/languages/java';
import { factsIn, lowered, marketContext, verdictsIn } from '../../../tools/lintSnippet';

const head = `package shop;
import io.grpc.*;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import com.example.market.v1.ListingServiceGrpc;
import com.example.market.v1.ListingServiceGrpc.ListingServiceBlockingStub;
`;

function verdicts(source: string): Promise<string[]> {
  return verdictsIn(java, head + source);
}

describe('lowering Java', () => {
  it('finds what a plain name belongs to', async () => {
    const text = await lowered(
      java,
      `package a.b;
       import static x.Y.z;
       import x.*;
       class Base { Stub kept; }
       class Outer extends Base {
         static final Options SHARED = make(1);
         private Stub stub, spare = other();
         Outer(Stub stub) { super(stub); this.stub = stub; spare = kept; }
         Outer() { this(null); }
         { run(); }
         static Options make(int n) { return new Options(n); }
         void make() { make(); make(2); }
         class Inner { void run() { use(stub, own, SHARED); } int own; }
         void go() {
           int stub = 1;
           use(stub, this.stub, Outer.this.spare, z);
           new Runnable() { int own; public void run() { use(own, spare, stub); } };
           f(x -> x.y(), () -> { return spare; }, spare::get, Foo::new);
         }
       }`,
    );
    expect(text.replace(/(<init>\/|\$)\d+/g, '$1#')).toBe(`import z = x.Y.z
import * = x
class Base
  field kept: Stub
class Outer < Base
  static field SHARED: Options = Outer.make(1)
  field stub: Stub
  field spare: Stub = other()
  constructor <init>(stub: Stub) of this
    ?(stub)
    this.stub = stub
    this.spare = this.kept
  constructor <init>/#() of this
    ?(null)
  constructor <init>/#() of this
    run()
  fn make(n: int): Options of this
    return new Options(n)
  fn make/0(): void of this
    this.make/0()
    this.make(2)
  fn go(): void of this
    let stub: int = 1
    use(stub, this.stub, Outer.spare, z)
    { class Outer$# < Runnable;   field own: int;   fn run(): void of this;     use(this.own, Outer.spare, stub); new Outer$#() }
    f({ fn (x); return x.y() }, { fn (); return this.spare }, { fn (); return this.spare.get() }, ?())
  class Inner
    field own: int
    fn run(): void of this
      use(Outer.stub, this.own, Outer.SHARED)`);
  });

  it('keeps the ways that a program can take apart', async () => {
    const text = await lowered(
      java,
      `class A { void m() {
         switch (x) { case 1: case 2: a(); break; default: b(); }
         switch (x) { case 1 -> a(); case 2 -> { b(); } }
         var y = switch (x) { case 1 -> a(); case 2 -> { f(); yield b(); } default -> throw new E(); };
         for (int i = 0; i < n(); i++) { if (i) continue; c(); }
         for (var k : ks()) d(k);
         while (e()) { break; }
         try (var r = open()) { g(r); } catch (E | F e) { h(e); } finally { i(); }
         synchronized (this) { j(); }
         label: do { k(); } while (l());
         if (o instanceof Foo foo && p(foo)) { q(); } else if (s) t(); else u();
         record P(Stub stub) { void v() { stub.w(); } }
         x += 1;
         ys[0] = z();
         String s = "a" + 'b' + """
             {"c": 1}""" + "\\n\\u0041";
       } }`,
    );
    expect(text).toBe(`class A
  fn m(): void of this
    one of ~x
    - branch
      a()
    - branch
      b()
    at most one of ~x
    - branch
      a()
    - branch
      b()
    let y = (?(~x) ? { a() } | { f(); b() })
    block
      let i: int = 0
      loop in
        (i < n())
        ?(i)
        if ~i
          leave
        c()
    loop k in ks()
      d(k)
    loop in
      ~e()
      leave
    try
      let r = open()
      g(r)
    catch
      h(e)
    finally
      i()
    block
      j()
    loop in
      ~l()
      k()
    if ~(?(o) && p(foo))
      q()
    else
      if ~s
        t()
      else
        u()
    class P
      field stub: Stub
      fn v(): void of this
        this.stub.w()
    x = (x + 1)
    _(ys, 0) = z()
    let s: String = ((("a" + "b") + "             {\\"c\\": 1}") + "\\nA")`);
  });
});

describe('what Java calls have a deadline', () => {
  it.each([
    [
      'a stub of a class around, also in anonymous ones',
      `class A { final ListingServiceBlockingStub s; A(Channel c) { s = ListingServiceGrpc.newBlockingStub(c); }
         class B { void m() { s.getListing(r); } }
         Runnable r() { return new Runnable() { public void run() { s.createListing(r); } }; } }`,
      ['getListing missing', 'createListing missing'],
    ],
    [
      'a stub that a constructor of several sets',
      `class A { ListingServiceBlockingStub s; A(Channel c) { this.s = ListingServiceGrpc.newBlockingStub(c); } A() { this(null); }
         void m() { s.getListing(r); } }`,
      ['getListing missing'],
    ],
    [
      'a stub of a class that this one extends',
      `abstract class Base { protected ListingServiceBlockingStub s; protected abstract ListingServiceBlockingStub made(); }
       class A extends Base { void m() { s.getListing(r); made().getListing(r); } }`,
      ['getListing missing', 'getListing unknown'],
    ],
    [
      'overloaded helpers',
      `class A { ListingServiceBlockingStub s;
         ListingServiceBlockingStub stub() { return s; }
         ListingServiceBlockingStub stub(long n) { return s.withDeadlineAfter(n, TimeUnit.SECONDS); }
         void m() { stub().getListing(r); stub(2).getListing(r); this.stub(3).getListing(r); } }`,
      ['getListing missing', 'getListing safe', 'getListing safe'],
    ],
    [
      'a parameter that is given another stub',
      `class A { void m(ListingServiceBlockingStub s) { s.getListing(r); s = s.withDeadlineAfter(1, TimeUnit.SECONDS); s.getListing(r); } }`,
      ['getListing inherited', 'getListing safe'],
    ],
    [
      'a stub that is checked before it is kept',
      `class A { final ListingServiceBlockingStub s; A(ListingServiceBlockingStub s) { this.s = java.util.Objects.requireNonNull(s); }
         void m() { (s).getListing(r); this.s.withCompression("gzip").getListing(r); } }`,
      ['getListing missing', 'getListing missing'],
    ],
    [
      'classes with a wildcard import, of the same package, written out',
      `class A { io.grpc.ManagedChannel c; PriceServiceGrpc.PriceServiceBlockingStub p;
         void m() { PriceServiceGrpc.newBlockingStub(c).checkPrice(r); p.checkPrice(r);
           com.example.market.v1.PriceServiceGrpc.newFutureStub(c).checkPrice(r);
           Context.current().withDeadlineAfter(1, TimeUnit.SECONDS, t).run(() -> p.checkPrice(r)); } }`,
      ['checkPrice missing', 'checkPrice missing', 'checkPrice missing', 'checkPrice safe'],
    ],
    [
      'a service that the index does not know',
      `class A { void m(Channel c) { com.x.OrderGrpc.newBlockingStub(c).place(r); com.x.OrderGrpc.newBlockingStub(c).toString(); } }`,
      ['place missing'],
    ],
    [
      'a deadline that is taken over from another call',
      `class A { ListingServiceBlockingStub s; void m(CallOptions o) { s.withDeadline(o.getDeadline()).getListing(r);
         s.withDeadline(Context.current().getDeadline()).getListing(r); s.withDeadline(d).getListing(r); } }`,
      ['getListing inherited', 'getListing missing', 'getListing safe'],
    ],
    [
      'try with resources, and what may have failed',
      `class A { ListingServiceBlockingStub s; void m() { var t = s; try (var x = open()) { t = s.withDeadlineAfter(1, TimeUnit.SECONDS); t.getListing(r); } catch (E e) { t.getListing(r); } } }`,
      ['getListing safe', 'getListing missing'],
    ],
    [
      'the time that Reactor and Mutiny wait',
      `class A { com.x.ReactorListingServiceGrpc.ReactorListingServiceStub s; Object m() { s.getListing(r).timeout(d).block(); return s.getListing(r).map(x -> x).timeout(d); } }`,
      ['getListing safe', 'getListing safe'],
    ],
    [
      'a method of a stub that is no RPC of its service',
      `class A { ListingServiceBlockingStub s; void m() { s.checkPrice(r); s.getChannel(); s.equals(s); } }`,
      [],
    ],
    [
      'what runs in a context of another file',
      `class A { ListingServiceBlockingStub s; void m() { this.contextBuilder.build(u).call(() -> s.getListing(r)); runInContext(() -> s.getListing(r)); retryer.call(() -> s.createListing(r)); } }`,
      ['getListing unknown', 'getListing unknown', 'createListing missing'],
    ],
    [
      'a servlet, in which nothing comes in',
      `class A extends HttpServlet { ListingServiceBlockingStub s; protected void doGet(HttpServletRequest q, HttpServletResponse p) { s.getListing(r); } }`,
      ['getListing missing'],
    ],
    [
      'callbacks and helpers of a service',
      `class A extends ListingServiceGrpc.ListingServiceImplBase { ListingServiceBlockingStub s;
         @Override public void getListing(R q, StreamObserver<L> o) { help(); s.getListing(r); }
         void help() { f(new Observer() { public void onNext(R r) { s.createListing(r); } }); } }`,
      ['getListing inherited', 'createListing inherited'],
    ],
    [
      'what a service does without an incoming call',
      `class A extends ListingServiceGrpc.ListingServiceImplBase { ListingServiceBlockingStub s; final java.util.concurrent.ExecutorService pool = java.util.concurrent.Executors.newFixedThreadPool(2); java.util.concurrent.Executor given;
         @Scheduled(fixedDelay = 1) void refresh() { xs.forEach(x -> s.getListing(r)); f(new Observer() { public void onNext(R r) { s.createListing(r); } }); }
         @Override public void getListing(R q, StreamObserver<L> o) { pool.submit(() -> s.getListing(q)); given.execute(() -> s.createListing(q)); } }`,
      [
        'getListing missing',
        'createListing missing',
        'getListing missing',
        'createListing inherited',
      ],
    ],
    [
      'a field and a method of the same name, and a component of a record',
      `class A { ListingServiceBlockingStub listings; Object listings(int n) { return listings.getListing(r); } Object both() { return listings(1); } }
       record B(ListingServiceBlockingStub stub) { void m() { stub().getListing(r); this.stub().createListing(r); stub.getListing(r); } }`,
      ['getListing missing', 'getListing missing', 'createListing missing', 'getListing missing'],
    ],
    [
      'channels that are made elsewhere',
      `class A { final ManagedChannel kept = LedgerChannels.accounts(); final ManagedChannel injected;
         void m(ChannelFactory f, org.springframework.grpc.client.GrpcChannelFactory g, Channel given) {
           ListingServiceGrpc.newBlockingStub(kept).getListing(r);
           ListingServiceGrpc.newBlockingStub(f.create()).getListing(r);
           var local = f.create(); ListingServiceGrpc.newBlockingStub(local).getListing(r);
           ManagedChannel typed = f.create(); ListingServiceGrpc.newBlockingStub(typed).getListing(r);
           ListingServiceGrpc.newBlockingStub(g.createChannel("x")).createListing(r);
           ListingServiceGrpc.newBlockingStub(given).createListing(r);
           ListingServiceGrpc.newBlockingStub(injected).createListing(r); } }`,
      [
        'getListing unknown',
        'getListing unknown',
        'getListing unknown',
        'getListing unknown',
        'createListing missing',
        'createListing missing',
        'createListing missing',
      ],
    ],
    [
      'a field that is used before a variable of its name, in a function that is looked into twice',
      `class A { ListingServiceBlockingStub s; Object help() { var t = s.getListing(r); String s = "x"; return t; } void m() { help(); help(); } }`,
      ['getListing missing'],
    ],
    [
      'an anonymous service',
      `class A { ListingServiceBlockingStub s; Object m() { return new ListingServiceGrpc.ListingServiceImplBase() {
         @Override public void getListing(R q, StreamObserver<L> o) { s.getListing(q); } }; } }`,
      ['getListing inherited'],
    ],
  ])('%s', async (_, source, expected) => {
    expect(await verdicts(source)).toEqual(expected);
  });

  it('says why', async () => {
    const source = `${head}class A { ListingServiceBlockingStub s; void m() { s.withDeadline(null).getListing(r); } }`;
    const [fact] = await factsIn(java, source);
    expect(fact).toMatchObject({
      service: 'ListingService',
      why: 'withDeadline(null) takes it away',
    });
  });
});

describe('deadlines that Java misreads', () => {
  const misread = async (source: string) =>
    (await factsIn(java, head + source)).flatMap((fact) =>
      fact.kind === 'misread' ? [(head + source).slice(fact.span.from, fact.span.to)] : [],
    );

  it.each([
    ['withDeadlineAfter(-5, TimeUnit.SECONDS)', ['-5']],
    ['withDeadlineAfter(Duration.ZERO)', []],
    ['withDeadlineAfter(Duration.ofSeconds(0))', ['Duration.ofSeconds(0)']],
    [
      'withDeadlineAfter(Duration.ofSeconds(-1).toMillis(), TimeUnit.MILLISECONDS)',
      ['Duration.ofSeconds(-1).toMillis()'],
    ],
    [
      'withDeadlineAfter(System.currentTimeMillis() + 5, TimeUnit.MILLISECONDS)',
      ['System.currentTimeMillis() + 5'],
    ],
    ['withDeadlineAfter(end - System.currentTimeMillis(), TimeUnit.MILLISECONDS)', []],
    [
      'withDeadlineAfter(config.getTimeoutMillis(), TimeUnit.SECONDS)',
      ['config.getTimeoutMillis()'],
    ],
    ['withDeadlineAfter(config.getTimeoutMillis() / 1000, TimeUnit.SECONDS)', []],
    ['withDeadlineAfter(timeoutSeconds, TimeUnit.MILLISECONDS)', ['timeoutSeconds']],
    ['withDeadlineAfter(items, TimeUnit.SECONDS)', []],
    ['withDeadlineAfter(timeout.toMillis(), TimeUnit.SECONDS)', ['timeout.toMillis()']],
    ['withDeadlineAfter(5000, TimeUnit.SECONDS)', []],
    ['withDeadlineAfter(n, unit)', []],
  ])('%s', async (call, expected) => {
    const source = `class A { ListingServiceBlockingStub s; void m(long n, long end) { s.${call}.getListing(r); } }`;
    expect(await misread(source)).toEqual(expected);
  });

  it('counts what is kept, and not what is made each time', async () => {
    expect(
      await misread(`class A { ListingServiceBlockingStub s, t;
        static final CallOptions OPTIONS = CallOptions.DEFAULT.withDeadlineAfter(1, TimeUnit.SECONDS);
        final java.util.function.Supplier<ListingServiceBlockingStub> each = () -> s.withDeadlineAfter(1, TimeUnit.SECONDS);
        ListingServiceBlockingStub limited() { return s.withDeadlineAfter(2, TimeUnit.SECONDS); }
        void keep(ListingServiceBlockingStub u) { this.t = limited(); t = u.withDeadlineAfter(3, TimeUnit.SECONDS); } }`),
    ).toEqual(['withDeadlineAfter', 'this.t', 'withDeadlineAfter']);
  });

  it('knows what a container keeps', async () => {
    expect(
      await misread(`class A { @Provides ListingServiceBlockingStub a(Channel c) { return ListingServiceGrpc.newBlockingStub(c).withDeadlineAfter(1, TimeUnit.SECONDS).withCompression("gzip"); }
        @Bean Listing b(ListingServiceBlockingStub s) { return s.withDeadlineAfter(1, TimeUnit.SECONDS).getListing(r); } }`),
    ).toEqual(['withDeadlineAfter']);
  });
});

describe('channels in Java', () => {
  const channels = async (source: string) =>
    (await factsIn(java, head + source)).filter(
      (fact): fact is ChannelFact => fact.kind === 'channel',
    );

  it('reads what is written', async () => {
    const [channel] =
      await channels(`class A { Object c = Grpc.newChannelBuilderForAddress("a.example", 443, creds)
      .keepAliveTime(10, TimeUnit.MINUTES).keepAliveTimeout(5, TimeUnit.SECONDS).keepAliveWithoutCalls(true)
      .defaultLoadBalancingPolicy("round_robin").build(); }`);
    expect(channel).toMatchObject({
      implementation: 'grpc-java',
      target: 'a.example:443',
      keepalive: { time: 600_000, timeout: 5_000, withoutCalls: true },
      policy: 'round_robin',
      isOpen: false,
      place: 'module',
    });
  });

  it('follows a builder, also on only one way', async () => {
    const [channel] =
      await channels(`class A { void m(boolean b) { var x = ManagedChannelBuilder.forTarget(t);
      if (b) { x.usePlaintext(); } else { x = x.keepAliveTime(n, TimeUnit.SECONDS); } x.build(); } }`);
    expect(channel).toMatchObject({ place: 'function', isOpen: false });
    expect(channel?.target).toBeUndefined();
  });

  it('does not know what others set', async () => {
    const source = `class A { void m(ManagedChannelBuilder<?> b) { b.build(); } }`;
    expect(await channels(source)).toMatchObject([{ isOpen: true }]);
  });

  it('counts switched off what lasts for ever', async () => {
    const source = `class A { Object c = ManagedChannelBuilder.forTarget("x").keepAliveTime(Long.MAX_VALUE, TimeUnit.NANOSECONDS).build(); }`;
    expect(await channels(source)).toMatchObject([
      { keepalive: { time: Number.POSITIVE_INFINITY } },
    ]);
  });

  it('leaves out channels without a network', async () => {
    const source = `class A { Object c = io.grpc.inprocess.InProcessChannelBuilder.forName("x").build(); }`;
    expect(await channels(source)).toEqual([]);
  });

  it('takes the policy from the service config', async () => {
    const source = `class A { Object c = ManagedChannelBuilder.forTarget("x").defaultServiceConfig(java.util.Map.of("loadBalancingConfig", java.util.List.of(java.util.Map.of("round_robin", java.util.Map.of())))).build();
      Object d = ManagedChannelBuilder.forTarget("x").defaultServiceConfig(load()).build(); }`;
    const [written, loaded] = await channels(source);
    expect(written).toMatchObject({ policy: 'round_robin', isOpen: false });
    expect(loaded).toMatchObject({ isOpen: true });
  });
});

describe('service configs in Java', () => {
  const configs = async (source: string) =>
    (await factsIn(java, head + source)).filter(
      (fact): fact is ServiceConfigFact => fact.kind === 'serviceConfig',
    );

  it('reads a map that is filled', async () => {
    const source = `class A { void m() { var c = new java.util.HashMap<String, Object>(); c.put("methodConfig", java.util.List.of());
      ManagedChannelBuilder.forTarget("x").defaultServiceConfig(c).build(); } }`;
    expect(await configs(source)).toMatchObject([{ config: { value: { methodConfig: [] } } }]);
  });

  it('knows where the JSON of a text block stands', async () => {
    const source = `class A { void m() { ManagedChannelBuilder.forTarget("x").defaultServiceConfig(new com.google.gson.Gson().fromJson("""
          {"methodConfig": []}
          """, java.util.Map.class)); } }`;
    const [config] = await configs(source);
    const text = config !== undefined && 'text' in config.config ? config.config.text : '';
    expect(JSON.parse(text)).toEqual({ methodConfig: [] });
    expect((head + source).slice(config?.textFrom ?? 0)).toMatch(/^ {10}\{"methodConfig/);
  });

  it('says which numbers grpc-java refuses', async () => {
    const source = `class A { void m() { ManagedChannelBuilder.forTarget("x").defaultServiceConfig(java.util.Map.of("a", 1, "b", 2.0, "c", 3L, "d", 4f, "e", 5D)); } }`;
    const facts = await factsIn(java, head + source);
    const refused = facts.flatMap((fact) =>
      fact.kind === 'option' ? [fact.replacement?.text] : [],
    );
    expect(refused).toEqual(['1.0', '3.0', '4.0']);
  });
});

describe('defaults that come from elsewhere', () => {
  it('says by which name a configuration knows the channel', async () => {
    const source = `${head}class A { final ListingServiceBlockingStub s; A(org.springframework.grpc.client.GrpcChannelFactory f) { s = ListingServiceGrpc.newBlockingStub(f.createChannel("listings")); } void m() { s.getListing(r); } }`;
    expect(await factsIn(java, source)).toMatchObject([{ channel: 'listings' }]);
  });

  it('takes the names of frameline.json', async () => {
    const context = marketContext({ helpers: ['limited'], interceptors: ['shop.Limits'] });
    const source = `${head}class A { ListingServiceBlockingStub s; void m() { Stubs.limited(s).getListing(r); s.withInterceptors(new shop.Limits()).getListing(r); s.withInterceptors(other).getListing(r); s.withInterceptors(new AuthInterceptor()).getListing(r); s.withInterceptors(telemetry.newClientInterceptor(), new catalog.RetryInterceptor()).getListing(r); } }`;
    expect(await verdictsIn(java, source, context)).toEqual([
      'getListing safe',
      'getListing safe',
      'getListing unknown',
      'getListing missing',
      'getListing unknown',
    ]);
  });
});
