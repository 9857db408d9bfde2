import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { layeredFiles } from '../../tools/reflectionFiles';
import { reflectionPackage } from '../reflectionPackage';
import { DelayRelay } from './delayRelay';
import { alternate, type Command, type Programs, type Taken } from './programs';
import { compare } from './rows';

const FILES = 300;
const SERVICES = 200;
const METHODS = 5;
const ROUNDS = 7;
const rows = [
  { roundTrip: 0, most: 1.5 },
  { roundTrip: 50, most: 0.5 },
];

/** `list`, and then `describe` without a symbol, which describes all services: with either program two processes. */
export async function discovery(programs: Programs): Promise<void> {
  const server = await reflectionPackage(
    layeredFiles(FILES, 3, { services: SERVICES, methods: METHODS }),
  );
  for (const { roundTrip, most } of rows) {
    const relay = await DelayRelay.start(server.address, roundTrip / 2);
    const address = roundTrip === 0 ? server.address : relay.address;
    const both = {
      ours: (command: string): Command => [...programs.frameline, command, '--plaintext', address],
      theirs: (command: string): Command => [...programs.grpcurl, '-plaintext', address, command],
    };
    if (roundTrip === 0) {
      await check(programs, both);
    }
    const { ours, theirs } = await alternate(ROUNDS, {
      ours: () => listAndDescribe(programs, both.ours),
      theirs: () => listAndDescribe(programs, both.theirs),
    });
    compare(
      `list and describe ${FILES} files, ${SERVICES} services, ${roundTrip} ms a round trip`,
      ours.time,
      theirs.time,
      'ms',
      most,
    );
    relay.close();
  }
  server.close();
}

async function listAndDescribe(
  { measure }: Programs,
  command: (name: string) => Command,
): Promise<Taken> {
  const list = await measure(command('list'));
  const describe = await measure(command('describe'));
  return {
    time: list.time + describe.time,
    processor: list.processor + describe.processor,
    memory: Math.max(list.memory, describe.memory),
  };
}

/** Both must have named all services and described all methods. */
async function check(
  { measure, folder }: Programs,
  both: Readonly<Record<string, (name: string) => Command>>,
): Promise<void> {
  for (const command of Object.values(both)) {
    const text = async (name: string): Promise<string> => {
      const file = join(folder, 'said.txt');
      await measure(command(name), file);
      return readFile(file, 'utf8');
    };
    const listed = (await text('list')).match(/^big\.S\d+$/gm)?.length;
    const described = (await text('describe')).match(/^ {2}rpc M\d/gm)?.length;
    if (listed !== SERVICES || described !== SERVICES * METHODS) {
      throw new Error(`${command('…').join(' ')}: ${listed} services, ${described} methods.`);
    }
  }
}
