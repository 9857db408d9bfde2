import * as grpc from '@grpc/grpc-js';
import { floodPath, item, readOrder } from './floodMessage';

// A process of its own, so that serving doesn't take the client's processor time.
const identity = (bytes: Buffer) => bytes;
const server = new grpc.Server();
server.addService(
  {
    Flood: {
      path: floodPath,
      requestStream: false,
      responseStream: true,
      requestSerialize: identity,
      requestDeserialize: identity,
      responseSerialize: identity,
      responseDeserialize: identity,
    },
  },
  {
    Flood(call: grpc.ServerWritableStream<Buffer, Buffer>) {
      const count = readOrder(call.request);
      let index = 0;
      const write = () => {
        while (index < count) {
          if (!call.write(item(index++))) {
            call.once('drain', write);
            return;
          }
        }
        call.end();
      };
      write();
    },
  },
);
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) {
    throw error;
  }
  console.log(port);
});
