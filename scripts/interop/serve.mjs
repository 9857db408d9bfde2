// Starts servers in other languages to be tried by hand, and stops them on Ctrl-C:
//   node scripts/interop/serve.mjs            all that this machine can build
//   node scripts/interop/serve.mjs go python  these
import { prepareServers, startServer } from './servers.mjs';

const wanted = process.argv.slice(2);
const { programs } = await prepareServers(console.log);
const chosen = Object.entries(programs).filter(
  ([language]) => wanted.length === 0 || wanted.includes(language),
);
const servers = await Promise.all(
  chosen.map(async ([language, program]) => {
    const server = await startServer(program);
    console.log(`${language}: ${server.address}`);
    return server;
  }),
);
if (servers.length > 0) {
  await new Promise((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await Promise.all(servers.map((server) => server.stop()));
}
