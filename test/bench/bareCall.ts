/** What the command line is measured against: grpc-js and nothing else. Arguments: address, how many calls. */
import { Client, credentials } from '@grpc/grpc-js';

const [, , address = '', count = '1'] = process.argv;
const client = new Client(address, credentials.createInsecure());
const same = (bytes: Buffer): Buffer => bytes;
// GetListingRequest with id lamp-1.
const request = Buffer.from('\x0a\x06lamp-1', 'latin1');

function call(): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      '/market.v1.ListingService/GetListing',
      same,
      same,
      request,
      { deadline: Date.now() + 15_000 },
      (error, answer) => (answer === undefined ? reject(error) : resolve(answer)),
    );
  });
}

for (let left = Number(count); left > 0; left--) {
  const answer = await call();
  process.stdout.write(`${answer.length}\n`);
}
client.close();
