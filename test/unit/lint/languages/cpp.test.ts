import { describe, expect, it } from 'vitest';
import type { ChannelFact } from '../../../../src/lint/facts';
import { cpp } from '../../../../src/lint/languages/cpp';
import { factsIn, lowered, marketContext, verdictsIn } from '../../../tools/lintSnippet';

describe('lowering C++', () => {
  it('finds what a plain name belongs to, in the class and outside of it', async () => {
    const text = await lowered(
      cpp,
      `#include <grpcpp/grpcpp.h>
       using grpc::Channel; namespace mv1 = market::v1; using S = mv1::A::Stub; using namespace std;
       namespace n { class W : public Base<int> {
        public:
         explicit W(shared_ptr<Channel> channel, int x_) : stub_(A::NewStub(channel)), n_{x_} { Use(n_, x_); }
         void Run(Context* context, const Reply& reply) override;
         struct Inner { Context context; };
        private:
         unique_ptr<A::Stub> stub_;
         int n_ = 1;
       }; }
       void n::W::Run(Context* context, const Reply& reply) { stub_->Get(context, other_); }
       Far::Far(int a) : far_(a) {}
       int count = 0;
       int Far::Get() { return far_ + count + own; }`,
    );
    expect(text).toBe(`import  = #grpcpp/grpcpp.h
import Channel = grpc.Channel
import mv1 = market.v1
import S = mv1.A.Stub
import * = std
class W < Base
  field stub_: unique_ptr<A::Stub> = A.NewStub(channel)
  field n_: int = (?() ? 1 | x_)
  constructor .ctor(channel: shared_ptr<Channel>, x_: int) of this
    Use(this.n_, x_)
  class Inner
    field context: Context
class Far
  field far_ = a
fn W.Run(context: Context*, reply: Reply&): void of this
  this.stub_.Get(context, other_)
constructor Far..ctor(a: int) of this
fn Far.Get(): int of this
  return ((this.far_ + count) + this.own)
let count: int = 0`);
  });

  it('keeps the ways that a program can take apart', async () => {
    const text = await lowered(
      cpp,
      `void f() {
         if (auto s = a(); !s.ok()) return; else if (T* t = b()) t->C(); else c();
         switch (x) { case 1: a(); break; default: { b(); } }
         for (const auto& [k, v] : m) g(k);
         for (int i = 0; i < 3; ++i) continue;
         while (r->Read(&l)) { throw E(); }
         do a(); while (b());
         try { a(); } catch (const E& e) { b(e); }
         auto g = [this, s = std::move(y)](int a) { return s; };
       #ifdef X
         a();
       #endif
         co_return co_await b();
       }`,
    );
    expect(text).toBe(`fn f(): void
  block
    let s = a()
    if !s.ok()
      return
    else
      block
        let t: T* = b()
        if t
          t.C()
        else
          c()
  one of x
  - branch
    a()
  - branch
    block
      b()
  loop [k, v] in m
    g(k)
  block
    let i: int = 0
    loop in
      (i < 3)
      leave
      ?(i)
  loop in
    r.Read(&l)
    block
      leave E()
  loop in
    a()
    ~b()
  try
    block
      a()
  catch
    block
      b(e)
  let g = { fn (a: int); let s = ~y; return s }
  a()
  return ~b()`);
  });

  it('looks through pointers, and reads how objects are made', async () => {
    const text = await lowered(
      cpp,
      `void f() {
         Context a; Context b{}; Context* c = new Context; auto d{std::make_unique<Context>()};
         std::unique_ptr<R> r(s->Get(&a)); T t(1, 2); T u{.x = 1};
         a.set(p.get()); p.reset(new Context()); p.reset(); (*q).Go(std::move(x)); y->async()->z();
         args.Set("a" "b", R"({"k":1})", 1'000 /* ms */, 5s, 0x1F, nullptr, '\\n');
       }`,
    );
    expect(text).toBe(`fn f(): void
  let a: Context
  let b: Context
  let c: Context* = new Context()
  let d = std.make_unique<Context>()
  let r: std::unique_ptr<R> = new std.unique_ptr<R>(s.Get(&a))
  let t: T = new T(1, 2)
  let u: T = {x: 1}
  a.set(~p)
  p = new Context()
  p = null
  ~*q.Go(~x)
  y.async().z()
  args.Set("ab", "{\\"k\\":1}", 1000, std.chrono.seconds(5), 31, null, "\\n")`);
  });

  it('reads what has syntax errors', async () => {
    const text = `#include <grpcpp/grpcpp.h>
      void f(ListingService::Stub* s) { grpc::ClientContext c; s->GetListing(&c, r, &l); if ( }`;
    expect(await verdictsIn(cpp, text)).toContain('GetListing missing');
  });
});

/** `statements` in a function that has a stub `s` and a fresh context `c`. */
function inFunction(statements: string): string {
  return `#include <grpcpp/grpcpp.h>
using market::v1::ListingService;
void Set(grpc::ClientContext* c) { c->set_deadline(Soon()); }
void Look(const grpc::ClientContext& c) { Use(c); }
void f(ListingService::Stub* s) { grpc::ClientContext c; ${statements} }`;
}

const later = 'c.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(1));';

describe('C++ calls', () => {
  it.each([
    ['s->GetListing(&c, r, &l);', 'missing'],
    [`${later} s->GetListing(&c, r, &l);`, 'safe'],
    [`${later} s->PrepareAsyncGetListing(&c, r, &cq);`, 'safe'],
    ['s->async()->GetListing(&c, &r, &l, [](grpc::Status) {});', 'missing'],
    ['Set(&c); s->GetListing(&c, r, &l);', 'safe'],
    ['Look(c); s->GetListing(&c, r, &l);', 'missing'],
    ['Elsewhere(&c); s->GetListing(&c, r, &l);', 'unknown'],
    ['elsewhere_.Prepare(c); s->GetListing(&c, r, &l);', 'unknown'],
    ['auto* p = &c; Set(p); s->GetListing(p, r, &l);', 'safe'],
    ['for (;;) { s->GetListing(&c, r, &l); }', 'missing'],
    [`if (x) { ${later} } s->GetListing(&c, r, &l);`, 'missing'],
    ['c.set_deadline(Elsewhere()); s->GetListing(&c, r, &l);', 'safe'],
    ['c.set_deadline(gpr_inf_future(GPR_CLOCK_REALTIME)); s->GetListing(&c, r, &l);', 'missing'],
    ['auto t = static_cast<ListingService::Stub*>(v); t->GetListing(&c, r, &l);', 'missing'],
  ])('%s', async (statements, verdict) => {
    const verdicts = await verdictsIn(cpp, inFunction(statements));
    expect(verdicts.map((each) => each.split(' ')[1])).toEqual([verdict]);
  });

  it('takes only methods of a known service for RPCs', async () => {
    const text = inFunction('grpc::ClientContext d; s->Ping(&d); s->GetListing(&c, r, &l);');
    expect(await verdictsIn(cpp, text)).toEqual(['GetListing missing']);
  });

  it('takes a service that nobody knows for one where a stub gets a context', async () => {
    const text = `#include "greeter.grpc.pb.h"
      void f(std::unique_ptr<Greeter::Stub> s) { grpc::ClientContext c; s->SayHello(&c, r, &l); s->set_name(1); }`;
    expect(await verdictsIn(cpp, text)).toEqual(['SayHello missing']);
    expect(await verdictsIn(cpp, text.replace('greeter.grpc.pb.h', 'greeter.h'))).toEqual([]);
  });

  it('does not know what another method did to a context in a field', async () => {
    const methods = `#include <grpcpp/grpcpp.h>
      class A { void Go() { stub_->GetListing(&c_, r, &l); } SET
        grpc::ClientContext c_; ListingService::Stub* stub_; };`;
    expect(await verdictsIn(cpp, methods.replace('SET', ''))).toEqual(['GetListing missing']);
    const set = methods.replace('SET', 'void Set() { c_.set_deadline(Soon()); }');
    expect(await verdictsIn(cpp, set)).toEqual(['GetListing unknown']);
  });

  it('heeds the names in frameline.json', async () => {
    const text = inFunction('auto p = NewBoundedContext(); s->GetListing(p.get(), r, &l);');
    const context = marketContext({ helpers: ['NewBoundedContext'] });
    expect(await verdictsIn(cpp, text, context)).toEqual(['GetListing safe']);
    expect(await verdictsIn(cpp, text)).toEqual(['GetListing unknown']);
  });
});

describe('C++ channels', () => {
  const channel = async (text: string) =>
    (await factsIn(cpp, `#include <grpcpp/grpcpp.h>\n${text}`)).find(
      (fact): fact is ChannelFact => fact.kind === 'channel',
    );

  it('reads what is set on its arguments', async () => {
    expect(
      await channel(`void f() { grpc::ChannelArguments args;
        args.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 6 * 60 * 1000);
        args.SetInt("grpc.keepalive_permit_without_calls", 1);
        args.SetServiceConfigJSON("{\\"loadBalancingConfig\\":[{\\"round_robin\\":{}}]}");
        auto c = grpc::CreateCustomChannel("dns:///market", credentials, args); }`),
    ).toMatchObject({
      implementation: 'grpc-core',
      target: 'dns:///market',
      keepalive: { time: 360_000, withoutCalls: true },
      policy: 'round_robin',
      isOpen: false,
      place: 'function',
    });
  });

  it('assumes nothing of arguments that it does not see', async () => {
    const parameter =
      'void f(grpc::ChannelArguments args) { grpc::CreateCustomChannel("m", c, args); }';
    expect(await channel(parameter)).toMatchObject({ isOpen: true });
    const changed = `void f() { grpc::ChannelArguments args; Elsewhere(&args);
      grpc::CreateCustomChannel("m", c, args); }`;
    expect(await channel(changed)).toMatchObject({ isOpen: true });
  });

  it('says which option is not read', async () => {
    const facts = await factsIn(
      cpp,
      `#include <grpcpp/grpcpp.h>
       void f() { grpc::ChannelArguments a; a.SetInt("grpc.keepalive_time", 1); a.SetString("grpc.keepalive_time_ms", "1"); }`,
    );
    expect(facts.map((fact) => fact.kind === 'option' && fact.replacement?.text)).toEqual([
      'grpc.keepalive_time_ms',
      'SetInt("grpc.keepalive_time_ms", 1',
    ]);
  });
});
