import { expect, it } from 'vitest';
import { rust } from '../../../../src/lint/languages/rust';
import { fixedSource } from '../../../tools/lintSnippet';

const uses = `use std::time::Duration;
use p::listing_service_client::ListingServiceClient;
use tonic::{transport::Channel, Request};
`;
const start = `${uses}async fn f(mut c: ListingServiceClient<Channel>, message: Message) -> R {
`;
const set = 'set_timeout(Duration::from_secs(5));';

it.each([
  [
    '    let reply = c.get_listing(M { a: 1 }).await?;\n}',
    `    let mut request = Request::new(M { a: 1 });\n    request.${set}\n    let reply = c.get_listing(request).await?;\n}`,
  ],
  [
    '    c.get_listing(message).await\n}',
    `    let mut message = Request::new(message);\n    message.${set}\n    c.get_listing(message).await\n}`,
  ],
  [
    '    let r = Request::new(message);\n    c.get_listing(r).await\n}',
    `    let mut r = Request::new(message);\n    r.${set}\n    c.get_listing(r).await\n}`,
  ],
  [
    '    let mut r = Request::new(message);\n    c.get_listing(r).await\n}',
    `    let mut r = Request::new(message);\n    r.${set}\n    c.get_listing(r).await\n}`,
  ],
  [
    '    if let Some(r) = Some(Request::new(message)) {\n        c.get_listing(r).await?;\n    }\n}',
    `    if let Some(r) = Some(Request::new(message)) {\n        let mut r = r;\n        r.${set}\n        c.get_listing(r).await?;\n    }\n}`,
  ],
  [
    '    match c.get_listing(M {}).await {\n        _ => {}\n    }\n}',
    `    let mut request = Request::new(M {});\n    request.${set}\n    match c.get_listing(request).await {\n        _ => {}\n    }\n}`,
  ],
  [
    '    while c.get_listing(M {}).await.is_err() {}\n}',
    `    while c.get_listing({ let mut request = Request::new(M {}); request.${set} request }).await.is_err() {}\n}`,
  ],
  [
    '    ids.iter().map(|id| c.clone().get_listing(M { id }))\n}',
    `    ids.iter().map(|id| c.clone().get_listing({ let mut request = Request::new(M { id }); request.${set} request }))\n}`,
  ],
  [
    '    spawn(async move { c.get_listing(M {}).await })\n}',
    `    spawn(async move { let mut request = Request::new(M {}); request.${set} c.get_listing(request).await })\n}`,
  ],
  [
    '    tokio::join!(c.get_listing(M {}))\n}',
    `    tokio::join!(c.get_listing({ let mut request = Request::new(M {}); request.${set} request }))\n}`,
  ],
])('%s', async (before, after) => {
  expect(await fixedSource(rust, start + before)).toBe(start + after);
});

it('does not hide a variable that is used below', async () => {
  const text = `${start}    c.get_listing(M {}).await?;\n    log(request);\n}`;
  expect(await fixedSource(rust, text)).toContain('c.get_listing(timed_request)');
});

it('writes whole paths where the file uses neither name', async () => {
  const text = `async fn f(mut c: p::listing_service_client::ListingServiceClient<tonic::transport::Channel>) {
    c.get_listing(M {}).await;
}`;
  const fixed = await fixedSource(rust, text, { defaultDeadline: 250 });
  expect(fixed).toContain('let mut request = tonic::Request::new(M {});');
  expect(fixed).toContain('request.set_timeout(std::time::Duration::from_millis(250));');
});
