import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './project.mjs';

/**
 * Makes the folder that newcomers and tests open: small clients of the market, with the market's own .proto files.
 * @param {string} folder must not exist yet
 */
export async function makeSampleWorkspace(folder) {
  await cp(join(root, 'test', 'fixtures', 'sampleWorkspace'), folder, { recursive: true });
  const protos = join(root, 'src', 'sampleServer', 'proto');
  for (const part of ['market', join('google', 'type')]) {
    await cp(join(protos, part), join(folder, 'proto', part), { recursive: true });
  }
}
