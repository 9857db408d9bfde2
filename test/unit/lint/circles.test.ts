import { describe, expect, it } from 'vitest';
import { Linter } from '../../../src/lint/linter';
import { installedGrammars } from '../../tools/grammars';
import { foundIn, worldsIn } from '../../tools/lintFixtures';

/** Methods that each seem to write every field, and read all of them. */
const methods = 24;

function circle(): string {
  const names = Array.from({ length: methods }, (_, at) => `part${at}`);
  const step = (own: string) => `
    def read_${own}(self, request):
        if self.${own} is None:
            self.${own} = dict(${names.map((name) => `${name}=self.${name}`).join(', ')})
        return self.stub.GetListing(request)
`;
  return `import grpc
from market.v1 import market_pb2_grpc

class Reader:
    def __init__(self, address):
        self.stub = market_pb2_grpc.ListingServiceStub(grpc.insecure_channel(address))
${names.map((name) => `        self.${name} = None`).join('\n')}
${names.map(step).join('')}`;
}

describe('fields that are made of each other', () => {
  it('are looked into once', async () => {
    const linter = new Linter(installedGrammars());
    const [world] = await worldsIn('test/fixtures/lint/python', linter);
    if (world === undefined) {
      throw new Error('no world');
    }
    const text = circle();
    const { findings } = await linter.lint('/reader.py', text, world.context);
    await linter.open('/reader.py', text)?.exports(world.context);
    expect(foundIn(text, findings)).toHaveLength(methods);
  });
});
