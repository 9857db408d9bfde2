import { describe, expect, it } from 'vitest';
import type { ChannelFact, ServiceConfigFact } from '../../../../src/lint/facts';
import { kotlin } from '../../../../src/lint/languages/kotlin';
import { factsIn, lowered, marketContext, verdictsIn } from '../../../tools/lintSnippet';

const head = `package shop
import io.grpc.*
import java.util.concurrent.TimeUnit.SECONDS
import kotlinx.coroutines.*
import com.example.market.v1.ListingServiceGrpc
import com.example.market.v1.ListingServiceGrpcKt.ListingServiceCoroutineStub
`;

function verdicts(source: string): Promise<string[]> {
  return verdictsIn(kotlin, head + source);
}

describe('lowering Kotlin', () => {
  it('finds what a plain name belongs to', async () => {
    const text = await lowered(
      kotlin,
      `package a.b
import x.Y.z
import x.Y.w as v
import x.*
open class Base { protected val kept: Stub = make() }
class Outer(private val stub: Stub, plain: Int, var n: Int = 3) : Base(), I<T> by d {
  private val own = use(plain, stub)
  val each: Stub get() = own.limited()
  lateinit var late: Stub
  val lazily by lazy { own }
  init { use(plain, each) }
  constructor(a: Stub) : this(a, 1) { late = a }
  fun go(plain: Int) { use(plain, stub, this.each, each, kept, this@Outer.late, top, z, shared()); go() }
  fun go() {}
  companion object {
    fun shared() = topGetter
  }
  inner class Inner {
    fun run() { use(own, each) }
  }
}
object O { val q = 1 }
val top = 1
val topGetter: Int get() = 2
fun Stub.limited(n: Int = 1): Stub = if (n > 0) withDeadline(n) else this
enum class E(val x: Int) {
  A(1);
  fun f() = x
}
`,
    );
    expect(text.replace(/(<init>\/)\d+/g, '$1#')).toBe(`import z = x.Y.z
import v = x.Y.w
import * = x
class Base
  field kept: Stub = make()
class Outer < Base < I
  field own = use(Outer.plain (parameter), Outer.stub)
  field late: Stub
  field lazily = lazy({ fn (); return Outer.own })
  field stub: Stub
  field plain (parameter): Int
  field n: Int = 3
  fn each(): Stub of this
    return limited(this.own)
  constructor <init>() of this
    use(Outer.plain (parameter), this.each())
  constructor <init>/#(a: Stub) of this
    this.late = a
  fn go(plain: Int) of this
    use(plain, this.stub, this.each(), this.each(), this.kept, this.late, top, z, this.shared())
    this.go/0()
  fn go/0() of this
  fn shared() of this
    return topGetter()
  class Inner
    fn run() of this
      use(Outer.own, Outer.each())
class O
  field q = 1
let top = 1
fn topGetter(): Int
  return 2
fn limited(this: Stub, n: Int = 1): Stub
  return (?((n > 0)) ? this.withDeadline(n) | this)
class E
  field x: Int
  fn f() of this
    return this.x`);
  });

  it('keeps the ways that a program can take apart', async () => {
    const text = await lowered(
      kotlin,
      `fun m() {
  when (val x = a()) { 1 -> b(); is Foo -> { c() }; else -> throw E() }
  when { p -> q() }
  val y = when (k) { 1 -> a(); 2 -> { f(); b() }; else -> throw E() }
  val r = if (a) b else { c }
  val t = try { a() } catch (e: E) { b() } finally { c() }
  for ((i, j) in xs) { if (i) continue; c(j) }
  while (e()) break
  do { k() } while (l)
  try { a() } catch (e: E) { h(e) } finally { i() }
  val (u, _) = pair
  x += 1
  config["k"] = v
  val s = "a$t b\${u.v} \\n"
  val plain = """{"a": 1}""" + "\\u0041\\$"
  val w = x as? Foo ?: return
  a?.b!!.c(1, n = 2, *zs) { it }
  foo { (p, q), r -> p }
  m().apply { f(); g = h() }.also { it.f() }
  with(o) { f(1) }
  val k = "a" to 1
  val d = 5.seconds - -1
  val o = object : Foo(1) { override fun run() = s() }
  fun local(n: Int) = n
  val anon = fun(n: Int): Int { return n }
  list.map(a::b).map(C::d)
  return@m
}
`,
    );
    expect(text.replace(/\$\d+/g, '$#')).toBe(`fn m()
  one of ?(a(), 1, ?())
  - branch
    b()
  - branch
    c()
  - branch
    leave new E()
  at most one of ?(p)
  - branch
    q()
  let y = (?(k, 1, 2, { fn (); leave new E() }) ? a() | { f(); b() })
  let r = (?(a) ? b | { c })
  let t = (?() ? { a() } | { b() })
  loop [i, j] in xs
    if i
      leave
    c(j)
  loop in
    e()
    leave
  loop in
    l
    k()
  try
    a()
  catch
    h(e)
  finally
    i()
  let [u, _()] = pair
  x = (x + 1)
  config.set("k", v)
  let s = ?(t, u.v)
  let plain = ("{\\"a\\": 1}" + "A$")
  let w = (~x)
  ~a.b.c(1, n: 2, ...zs, { fn (); return it })
  foo({ fn (, r); return p })
  m().apply({ fn (); this@block.f(); g = this@block.h(); return this@block }).also({ fn (); it.f(); return it })
  o.run({ fn (); return this@block.f(1) })
  let k = to("a", 1)
  let d = (5.seconds - -1)
  let o = { class $# < Foo;   @override fn run() of this;     return s(); new $#() }
  fn local(n: Int)
    return n
  let anon = { fn (n: Int); return n }
  list.map({ fn (); return a.b() }).map(?())
  return`);
  });
});

describe('what Kotlin calls have a deadline', () => {
  it.each([
    [
      'properties, parameters of the constructor, and what a parameter of it gives',
      `class A(private val s: ListingServiceCoroutineStub, plain: ListingServiceCoroutineStub, channel: Channel) {
  private val t = plain.withCompression("gzip")
  private val u by lazy { ListingServiceCoroutineStub(channel) }
  suspend fun m() {
    s.getListing(r)
    t.getListing(r)
    u.getListing(r)
  }
}`,
      ['getListing missing', 'getListing missing', 'getListing missing'],
    ],
    [
      'blocks that know the stub as this or it',
      `suspend fun m(channel: Channel) {
  val s = ListingServiceCoroutineStub(channel)
  with(s) { getListing(r) }
  s.run { createListing(r) }
  s.withDeadlineAfter(1, SECONDS).run { getListing(r) }
  s.also { it.getListing(r) }
  s.let { x -> x.createListing(r) }
  s.apply { println("x") }.getListing(r)
}`,
      [
        'getListing missing',
        'createListing missing',
        'getListing safe',
        'getListing missing',
        'createListing missing',
        'getListing missing',
      ],
    ],
    [
      'extensions of this file and of others',
      `import com.x.limited
fun ListingServiceCoroutineStub.short() = withDeadlineAfter(1, SECONDS)
suspend fun ListingServiceCoroutineStub.fetch() = getListing(r)
suspend fun m(s: ListingServiceCoroutineStub, c: Channel) {
  ListingServiceCoroutineStub(c).short().getListing(r)
  ListingServiceCoroutineStub(c).limited().getListing(r)
  s.fetch()
  ListingServiceCoroutineStub(c).withUser(u).getListing(r)
  ListingServiceCoroutineStub(c).withDefaults().getListing(r)
}`,
      ['getListing inherited', 'getListing safe', 'getListing missing', 'getListing unknown'],
    ],
    [
      'time limits of coroutines',
      `class A(private val s: ListingServiceCoroutineStub) {
  suspend fun m() {
    withTimeout(1_000) { coroutineScope { launch { s.getListing(r) } } }
    withTimeoutOrNull(1_000) { s.getListing(r) }
    s.getListing(r)
    listOf(1).forEach { s.createListing(r) }
  }
}`,
      ['getListing safe', 'getListing safe', 'getListing missing', 'createListing missing'],
    ],
    [
      'a stub that may not be there',
      `class A {
  private var s: ListingServiceCoroutineStub? = null
  fun open(c: Channel) { s = ListingServiceCoroutineStub(c) }
  suspend fun m() {
    s?.getListing(r)
    s!!.getListing(r)
    val t = s ?: return
    t.withDeadlineAfter(1, SECONDS).getListing(r)
  }
}`,
      ['getListing missing', 'getListing missing', 'getListing safe'],
    ],
    [
      'branches with a value',
      `class A(private val s: ListingServiceCoroutineStub) {
  suspend fun m(b: Boolean) {
    val t = if (b) { s.withDeadlineAfter(1, SECONDS) } else { s.withDeadlineAfter(2, SECONDS) }
    t.getListing(r)
    val u = when { b -> t; else -> s }
    u.getListing(r)
    val v = try { s.withDeadlineAfter(1, SECONDS) } catch (e: Exception) { throw e }
    v.getListing(r)
  }
}`,
      ['getListing safe', 'getListing missing', 'getListing safe'],
    ],
    [
      'branches that are the result of a block, and calls in those that leave',
      `class A(private val s: ListingServiceCoroutineStub) {
  suspend fun m(b: Boolean) {
    run { if (b) s.withDeadlineAfter(1, SECONDS) else s.withDeadlineAfter(2, SECONDS) }.getListing(r)
    s.let { x ->
      println(x)
      when { b -> x.withDeadlineAfter(1, SECONDS); else -> x }
    }.getListing(r)
    val t = if (b) {
      s.createListing(r)
      return
    } else s.withDeadlineAfter(2, SECONDS)
    t.getListing(r)
  }
}`,
      ['getListing safe', 'getListing missing', 'createListing missing', 'getListing safe'],
    ],
    [
      'options in the constructor of the stub, by name too',
      `suspend fun m(c: Channel, o: CallOptions) {
  ListingServiceCoroutineStub(c, CallOptions.DEFAULT.withDeadlineAfter(1, SECONDS)).getListing(r)
  ListingServiceCoroutineStub(callOptions = o, channel = c).getListing(r)
  ListingServiceCoroutineStub(c, CallOptions.DEFAULT).getListing(r)
}`,
      ['getListing safe', 'getListing inherited', 'getListing missing'],
    ],
    [
      'a service and an anonymous one',
      `class A(private val s: ListingServiceCoroutineStub) : com.x.ListingServiceGrpcKt.ListingServiceCoroutineImplBase() {
  override suspend fun getListing(request: R) = s.getListing(request)
  private suspend fun help() = s.createListing(r)
}
fun b(c: Channel) = object : ListingServiceGrpc.ListingServiceImplBase() {
  override fun getListing(request: R, o: O) {
    ListingServiceCoroutineStub(c).getListing(request)
  }
}`,
      ['getListing inherited', 'createListing inherited', 'getListing inherited'],
    ],
  ])('%s', async (_, source, expected) => {
    expect(await verdicts(source)).toEqual(expected);
  });
});

describe('what Kotlin keeps and sets', () => {
  it('counts as used what a block gives', async () => {
    const source = `${head}class A(private val s: ListingServiceCoroutineStub) {
  val make = { b: Boolean -> if (b) s.withDeadlineAfter(1, SECONDS) else s.withDeadlineAfter(2, SECONDS) }
  fun m() { s.apply { withDeadlineAfter(3, SECONDS) } }
}`;
    const discarded = (await factsIn(kotlin, source)).filter(({ kind }) => kind === 'discarded');
    expect(discarded.map(({ span }) => source.slice(span.to, span.to + 2))).toEqual(['(3']);
  });

  const kept = async (source: string) =>
    (await factsIn(kotlin, head + source)).flatMap((fact) =>
      fact.kind === 'misread' ? [(head + source).slice(fact.span.from, fact.span.to)] : [],
    );

  it('counts what is kept, and not what is made each time', async () => {
    expect(
      await kept(`val top = ListingServiceGrpc.newBlockingStub(c).withDeadlineAfter(1, SECONDS)
val deadline = Deadline.after(5, SECONDS)
class A(private val s: ListingServiceCoroutineStub) {
  private val kept by lazy { s.withDeadlineAfter(2, SECONDS) }
  private val each: ListingServiceCoroutineStub
    get() = s.withDeadlineAfter(3, SECONDS)
  private val make = { s.withDeadlineAfter(4, SECONDS) }
  companion object {
    val shared = ListingServiceGrpc.newBlockingStub(c).withDeadlineAfter(5, SECONDS)
  }
}`),
    ).toEqual(['withDeadlineAfter', 'after', 'withDeadlineAfter', 'withDeadlineAfter']);
  });

  it('follows a builder through apply and also', async () => {
    const source = `${head}fun m(b: Boolean) = ManagedChannelBuilder.forTarget("x:1")
  .apply { if (b) usePlaintext() else keepAliveWithoutCalls(true) }
  .also { it.keepAliveTime(10, java.util.concurrent.TimeUnit.MINUTES) }
  .apply { defaultLoadBalancingPolicy("round_robin") }
  .build()`;
    const channels = (await factsIn(kotlin, source)).filter(
      (fact): fact is ChannelFact => fact.kind === 'channel',
    );
    expect(channels).toMatchObject([
      { target: 'x:1', policy: 'round_robin', keepalive: { time: 600_000 }, isOpen: false },
    ]);
  });

  it('knows where the text of a service config stands', async () => {
    const source = `${head}fun m() = ManagedChannelBuilder.forTarget("x:1").defaultServiceConfig(
  Gson().fromJson("""
    {"methodConfig": []}
  """.trimIndent(), Map::class.java) as Map<String, *>).build()`;
    const config = (await factsIn(kotlin, source)).find(
      (fact): fact is ServiceConfigFact => fact.kind === 'serviceConfig',
    );
    expect(source.slice(config?.textFrom ?? 0)).toMatch(/^\n {4}\{"methodConfig/);
  });

  it('reads maps of pairs, also when they are filled', async () => {
    const source = `${head}fun m() {
  val config = mutableMapOf<String, Any>("methodConfig" to listOf(mapOf("name" to listOf(emptyMap<String, Any>()))))
  config["retryThrottling"] = mapOf("maxTokens" to 10.0)
  ManagedChannelBuilder.forTarget("x:1").defaultServiceConfig(config).build()
}`;
    const config = (await factsIn(kotlin, source)).find(
      (fact): fact is ServiceConfigFact => fact.kind === 'serviceConfig',
    );
    expect(config?.config).toMatchObject({ value: { retryThrottling: { maxTokens: 10 } } });
  });

  it('takes the names of frameline.json', async () => {
    const context = marketContext({ helpers: ['limited'], stubs: ['*.Facade'] });
    const source = `${head}import com.x.Facade
class A(private val f: Facade, private val s: ListingServiceCoroutineStub) {
  suspend fun m() {
    f.getListing(r)
    s.limited().getListing(r)
    f.close()
  }
}`;
    expect(await verdictsIn(kotlin, source, context)).toEqual([
      'getListing missing',
      'getListing safe',
    ]);
  });
});
