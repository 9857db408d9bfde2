import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './project.mjs';

/** Of the sample server when the editor starts it, as `frameline.json` has it. */
export const usualAddress = '127.0.0.1:50551';

/**
 * Makes the folder that newcomers and tests open: small clients of the market and requests to it, with the market's own
 * .proto files.
 * @param {string} folder must not exist yet
 * @param {string} [address] of a sample server that runs already
 */
export async function makeSampleWorkspace(folder, address = usualAddress) {
  await cp(join(root, 'test', 'fixtures', 'sampleWorkspace'), folder, { recursive: true });
  const protos = join(root, 'src', 'sampleServer', 'proto');
  for (const part of ['market', join('google', 'type')]) {
    await cp(join(protos, part), join(folder, 'proto', part), { recursive: true });
  }
  const config = join(folder, 'frameline.json');
  await writeFile(config, (await readFile(config, 'utf8')).replaceAll(usualAddress, address));
}
