import { parseArgs } from 'node:util';
import { type SampleServer, startSampleServer } from './sampleServer';

const usage = `Starts Frameline's sample gRPC server: a second-hand market, a kitchen sink of protobuf types and
faults on demand, with reflection, health and channelz.

  --port <n>            plaintext port; 0 takes a free one (default 0)
  --prefer-port <n>     plaintext port as long as it is free; another one otherwise
  --host <address>      address to listen on (default 127.0.0.1, this machine only)
  --tls                 also listen with TLS
  --mtls                also listen with TLS that requires a client certificate
  --json                print one line of JSON when ready instead of text
  --exit-with-parent    stop when stdin ends or the parent's IPC channel closes
  --help                show this text
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      'prefer-port': { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
      tls: { type: 'boolean', default: false },
      mtls: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      'exit-with-parent': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const preferred = values['prefer-port'];
  const server = await startSampleServer({
    ...values,
    port: portOf('--port', values.port),
    ...(preferred === undefined ? {} : { preferredPort: portOf('--prefer-port', preferred) }),
  });
  stopCleanly(server, values['exit-with-parent']);
  process.stdout.write(values.json ? `${JSON.stringify(readyLine(server))}\n` : greeting(server));
}

function portOf(option: string, text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`${option} ${text} is no port: give a number from 0 to 65535`);
  }
  return port;
}

function stopCleanly(server: SampleServer, exitWithParent: boolean) {
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    server.close().finally(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  if (exitWithParent) {
    process.on('disconnect', stop);
    if (!process.connected) {
      process.stdin.on('end', stop).on('error', stop).resume();
    }
  }
}

/** The shape of `--json`: what a program that started this one needs. */
function readyLine({ close: _, ...addresses }: SampleServer) {
  return { ...addresses, pid: process.pid };
}

function greeting({ address, tlsAddress, mtlsAddress, certificates }: SampleServer): string {
  const lines = [
    'Frameline sample server is ready. Ctrl-C stops it.',
    '',
    `  plaintext  ${address}`,
    ...(tlsAddress ? [`  TLS        ${tlsAddress}`] : []),
    ...(mtlsAddress ? [`  mTLS       ${mtlsAddress}`] : []),
    ...(certificates
      ? [
          '',
          `  CA                  ${certificates.ca}`,
          `  client certificate  ${certificates.clientCertificate}`,
          `  client key          ${certificates.clientKey}`,
        ]
      : []),
    '',
    'Try:',
    `  grpcurl -plaintext ${address} list`,
    `  grpcurl -plaintext -d '{"id": "lamp-1"}' ${address} market.v1.ListingService/GetListing`,
    `  grpcurl -plaintext -d '{"query": "desk"}' ${address} market.v1.ListingService/SearchListings`,
    '',
    'faults.v1.Faults and faults.v1.Wire fail on demand, above and below gRPC.',
    '',
  ];
  return `${lines.join('\n')}\n`;
}

main().catch((error: unknown) => {
  process.stderr.write(`sample server: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
});
