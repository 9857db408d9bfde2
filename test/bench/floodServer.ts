import * as grpc from '@grpc/grpc-js';

// A process of its own, so that serving doesn't take the client's processor time. The request says how many
// messages of 64 bytes to send; each begins with its index.
const identity = (bytes: Buffer) => bytes;
const server = new grpc.Server();
server.addService(
  {
    Flood: {
      path: '/bench.Bench/Flood',
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
      const count = call.request.readUInt32BE(0);
      let index = 0;
      const write = () => {
        while (index < count) {
          const message = Buffer.alloc(64, 7);
          message.writeUInt32BE(index++, 0);
          if (!call.write(message)) {
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
