import { describe, expect, it } from 'vitest';
import type { ChannelFact } from '../../../../src/lint/facts';
import { rust } from '../../../../src/lint/languages/rust';
import { factsIn, lowered, marketContext, verdictsIn } from '../../../tools/lintSnippet';

describe('lowering Rust', () => {
  it('reads items, and the paths that names stand for', async () => {
    const text = await lowered(
      rust,
      `use a::b::{self as stream, C, d::{E as F, *}};
       use tonic::*;
       type Client = a::XClient<Channel>;
       const T: Duration = Duration::from_secs(2);
       mod inner { pub struct Tup(String, u32); }
       #[cfg(test)] mod tests { fn ignored() {} }
       #[derive(Clone)] pub struct G<T> { pub c: Arc<C<Channel>> }
       #[tonic::async_trait] impl<T> Svc for G<T> {
         const K: u32 = 3;
         async fn get(&self, mut r: &mut Request<M>, State(s): State<App>) -> Result<Self, Status> { Self::make::<T>(r)?.go() }
         fn make(a: impl Into<String>) -> Self { Self { c: a, ..Default::default() } }
       }`,
    );
    expect(text).toBe(`import stream = a.b
import C = a.b.C
import F = a.b.d.E
import * = a.b.d
import * = tonic
import Client = a.XClient
class Tup
  field 0: String
  field 1: u32
@derive(Clone) class G
  field c: Arc<C<Channel>>
  static field K: u32 = 3
@tonic::async_trait fn G.get(r: &mut Request<M>, s: App): Result<G, Status> of self
  return ~G.make<T>(r).go()
@tonic::async_trait fn G.make(a: impl Into<String>): G
  return G{...Default.default(), c: a}
let T: Duration = Duration.from_secs(2)`);
  });

  it('gives the value of a block, whatever way it takes', async () => {
    const text = await lowered(
      rust,
      `fn f() -> R {
         let x = if a { b() } else { return c };
         match g().await { Ok(v) if v > 1 => h(v), Err(e) => { i(e) } None => panic!() }
       }`,
    );
    expect(text).toBe(`fn f(): R
  let x = { let value@31; if a;   value@31 = b(); else;   block;     return c; value@31 }
  block
    let matched@78 = ~g()
    one of
    - branch
      let v = matched@78
      (v > 1)
      return h(v)
    - branch
      let e = matched@78
      block
        return i(e)
    - branch
      let _() = matched@78
      leave`);
  });

  it('takes patterns apart, and keeps loops and blocks that run by themselves', async () => {
    const text = await lowered(
      rust,
      `async fn f() {
         let (a, Some(b)) = c?; let Foo { x, y: z, .. } = d else { return; };
         for (k, v) in m { continue; }
         while let Some(q) = s.next().await { q.go(); }
         if let Ok(r) = p() && r { t(); } else { u(); }
         *w.metadata_mut() = n; w.metadata_mut().insert("k", 1);
         spawn(async move { o().await });
         vec![1, e(2)]; println!("{}", g(&mut h).i::<T>(3)?.j); 
       }`,
    );
    expect(text).toBe(`fn f()
  let [a, b] = ~c
  let {x: x, y: z} = d
  if ?()
    return
  loop [k, v] in m
    leave
  loop in
    let matched@161 = ~s.next()
    ?()
    let q = matched@161
    q.go()
  block
    let matched@212 = p()
    if ?(?(), r)
      let r = matched@212
      t()
    else
      block
        u()
  w = n
  ~w.insert("k", 1)
  spawn({ fn (); return ~o() }())
  [1, e(2)]
  println!("{}", ~g(~h).i(3).j)`);
  });

  it('reads what has syntax errors', async () => {
    const text = `use p::listing_service_client::ListingServiceClient;
      async fn f(mut c: ListingServiceClient<Channel>) { c.get_listing(M {}).await; if ( }`;
    expect(await verdictsIn(rust, text)).toContain('get_listing missing');
  });
});

const start = `use p::listing_service_client::ListingServiceClient;
use tokio::time::timeout;
use tonic::{transport::{Channel, Endpoint}, Request};
fn bound(r: &mut Request<M>) { r.set_timeout(D); }
`;

/** `statements` in a function that has a client `c` and a request `r` without a timeout. */
function inFunction(statements: string): string {
  return `${start}async fn f(mut c: ListingServiceClient<Channel>) { let mut r = Request::new(M {}); ${statements} }`;
}

describe('Rust calls', () => {
  it.each([
    ['c.get_listing(r).await?;', 'missing'],
    ['c.get_listing(M { a: 1 }).await?;', 'missing'],
    ['c.get_listing(M::default()).await?;', 'missing'],
    ['r.set_timeout(D); c.get_listing(r).await?;', 'safe'],
    ['bound(&mut r); c.get_listing(r).await?;', 'safe'],
    ['elsewhere(&mut r); c.get_listing(r).await?;', 'unknown'],
    ['elsewhere(&r); c.get_listing(r).await?;', 'missing'],
    ['c.get_listing(elsewhere()).await?;', 'unknown'],
    ['timeout(D, c.get_listing(r)).await??;', 'safe'],
    ['let call = c.get_listing(r); timeout(D, call).await??;', 'safe'],
    ['if x { r.set_timeout(D); } c.get_listing(r).await?;', 'missing'],
    ['if x { r.set_timeout(D); } else { return Err(e); } c.get_listing(r).await?;', 'safe'],
    [
      'let r = match x { 1 => { r.set_timeout(D); r } _ => return }; c.get_listing(r).await?;',
      'safe',
    ],
    ['let Some(mut d) = Some(c.clone()) else { return }; d.get_listing(r).await?;', 'missing'],
    ['Arc::new(Mutex::new(c)).lock().await.get_listing(r).await?;', 'missing'],
    [
      'let c = ListingServiceClient::new(Endpoint::from_static("http://a").timeout(D).connect_lazy()); c.get_listing(r).await?;',
      'safe',
    ],
    ['tokio::join!(c.get_listing(r));', 'missing'],
  ])('%s', async (statements, verdict) => {
    const verdicts = await verdictsIn(rust, inFunction(statements));
    expect(verdicts.map((each) => each.split(' ')[1])).toEqual([verdict]);
  });

  it('bounds a method of futures only where a trait gives them one', async () => {
    const text = inFunction('c.get_listing(r).timeout(D).await?;');
    expect(await verdictsIn(rust, text)).toEqual(['get_listing missing']);
    const withTrait = `use tokio_util::time::FutureExt;\n${text}`;
    expect(await verdictsIn(rust, withTrait)).toEqual(['get_listing safe']);
  });

  it('knows a client that is made in a constructor and kept in a field', async () => {
    const text = (endpoint: string) => `${start}struct G { c: ListingServiceClient<Channel> }
      impl G {
        async fn new() -> Self { let ch = ${endpoint}.connect_lazy(); Self { c: ListingServiceClient::new(ch) } }
        async fn go(&mut self) { self.c.get_listing(M {}).await; }
      }`;
    const plain = 'Endpoint::from_static("http://a")';
    expect(await verdictsIn(rust, text(plain))).toEqual(['get_listing missing']);
    expect(await verdictsIn(rust, text(`${plain}.timeout(D)`))).toEqual(['get_listing safe']);
  });

  it('takes only methods of a known service for RPCs', async () => {
    const text = inFunction(
      'c.ping(r).await; c.max_decoding_message_size(1).get_listing(M {}).await;',
    );
    expect(await verdictsIn(rust, text)).toEqual(['get_listing missing']);
  });

  it('takes a client for one by its generated module, or its channel', async () => {
    const call = (type: string) => `use tonic::transport::Channel;
      async fn f(mut c: ${type}) { c.say_hello(M {}).await; }`;
    expect(await verdictsIn(rust, call('pb::greeter_client::GreeterClient<Channel>'))).toHaveLength(
      1,
    );
    expect(await verdictsIn(rust, call('pb::GreeterClient<Channel>'))).toHaveLength(1);
    expect(await verdictsIn(rust, call('pb::GreeterClient'))).toEqual([]);
  });

  it('heeds the names in frameline.json', async () => {
    const text = inFunction(`c.get_listing(policy::bounded(M {})).await;
      ListingServiceClient::with_interceptor(ch, CompanyPolicy::new()).get_listing(M {}).await;
      ListingServiceClient::with_interceptor(ch, company_policy).get_listing(M {}).await;`);
    const context = marketContext({ helpers: ['bounded'], interceptors: ['policy::apply'] });
    expect(await verdictsIn(rust, text, context)).toEqual([
      'get_listing safe',
      'get_listing unknown',
      'get_listing unknown',
    ]);
  });
});

describe('Rust channels', () => {
  const channel = async (text: string) =>
    (await factsIn(rust, `${start}${text}`)).find(
      (fact): fact is ChannelFact => fact.kind === 'channel',
    );

  it('reads keepalive of an endpoint', async () => {
    const text = `fn f() { Endpoint::from_static("http://market:50051")
      .http2_keep_alive_interval(Duration::from_secs(360)).keep_alive_while_idle(true).connect_lazy(); }`;
    expect(await channel(text)).toMatchObject({
      implementation: 'tonic',
      what: 'channel',
      target: 'http://market:50051',
      keepalive: { time: 360_000, withoutCalls: true },
      isOpen: false,
      place: 'function',
    });
  });

  it('knows a client that connects by itself, for each request', async () => {
    const text = `#[tonic::async_trait] impl S for T {
      async fn get(&self, r: Request<M>) -> Result<tonic::Response<M>, Status> {
        let c = ListingServiceClient::connect("http://a").await?; todo!()
      } }`;
    expect(await channel(text)).toMatchObject({
      what: 'client',
      target: 'http://a',
      place: 'handler',
    });
  });

  it('knows that a balanced channel picks one of two', async () => {
    expect(await channel('fn f() { Channel::balance_list(list); }')).toMatchObject({
      policy: 'p2c',
      isOpen: true,
    });
  });

  it('takes a closure for a loop only over many things', async () => {
    const connect = 'map(|a| Channel::from_static("http://a").connect_lazy())';
    expect(await channel(`fn f() { addresses.iter().${connect}; }`)).toMatchObject({
      place: 'loop',
    });
    expect(await channel(`fn f() { address.${connect}; }`)).toMatchObject({ place: 'function' });
  });
});
