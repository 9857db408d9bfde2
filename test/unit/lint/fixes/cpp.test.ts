import { expect, it } from 'vitest';
import { cpp } from '../../../../src/lint/languages/cpp';
import { fixedSource } from '../../../tools/lintSnippet';

const start = `#include <chrono>
#include <grpcpp/grpcpp.h>
void f(ListingService::Stub* s, std::unique_ptr<Call> call) {
`;
const set = 'set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(5));';

it.each([
  [
    '  grpc::ClientContext c;\n  s->GetListing(&c, r, &l);\n}',
    `  grpc::ClientContext c;\n  c.${set}\n  s->GetListing(&c, r, &l);\n}`,
  ],
  [
    '  auto c = std::make_unique<grpc::ClientContext>();\n  s->GetListing(c.get(), r, &l);\n}',
    `  auto c = std::make_unique<grpc::ClientContext>();\n  c->${set}\n  s->GetListing(c.get(), r, &l);\n}`,
  ],
  [
    '  grpc::ClientContext c;\n  if (x)\n    return s->GetListing(&c, r, &l);\n}',
    `  grpc::ClientContext c;\n  c.${set}\n  if (x)\n    return s->GetListing(&c, r, &l);\n}`,
  ],
  [
    '  grpc::ClientContext c;\n  while (!s->GetListing(&c, r, &l).ok()) {\n  }\n}',
    `  grpc::ClientContext c;\n  c.${set}\n  while (!s->GetListing(&c, r, &l).ok()) {\n  }\n}`,
  ],
  [
    '  auto g = [&] {\n    grpc::ClientContext c;\n    return s->GetListing(&c, r, &l);\n  };\n}',
    `  auto g = [&] {\n    grpc::ClientContext c;\n    c.${set}\n    return s->GetListing(&c, r, &l);\n  };\n}`,
  ],
])('%s', async (before, after) => {
  expect(await fixedSource(cpp, start + before)).toBe(start + after);
});

it('leaves a context alone that has no name', async () => {
  const text = `${start}  s->GetListing(new grpc::ClientContext(), r, &l);\n}`;
  expect(await fixedSource(cpp, text)).toBe(text);
});

it('includes <chrono> once, among the headers of the standard library', async () => {
  const calls = `void f(ListingService::Stub* s) {
  grpc::ClientContext a;
  s->GetListing(&a, r, &l);
  grpc::ClientContext b;
  s->GetListing(&b, r, &l);
}`;
  const between = await fixedSource(
    cpp,
    `#include <atomic>\n#include <string>\n\n#include <grpcpp/grpcpp.h>\n${calls}`,
  );
  expect(between).toContain(
    '#include <atomic>\n#include <chrono>\n#include <string>\n\n#include <grpcpp',
  );
  const last = await fixedSource(
    cpp,
    `#include "a.h"\n\n#include <atomic>\n\n#include <grpcpp/grpcpp.h>\n${calls}`,
  );
  expect(last).toContain('#include <atomic>\n#include <chrono>\n\n');
});

it('writes the deadline of frameline.json', async () => {
  const text = `${start}  grpc::ClientContext c;\n  s->GetListing(&c, r, &l);\n}`;
  expect(await fixedSource(cpp, text, { defaultDeadline: 250 })).toContain(
    'std::chrono::milliseconds(250)',
  );
});
