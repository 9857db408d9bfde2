import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, readDescriptorSet } from '../../src/schema/load';

const descriptorSet = join(import.meta.dirname, '../../src/sampleServer/proto/sample.binpb');

/** The .proto files of the sample server. */
export const sampleFiles = readDescriptorSet(readFileSync(descriptorSet), 'sample.binpb');

/** All that is in them, also what the sample server leaves out of reflection. */
export const everythingInSample = buildSchema({ local: sampleFiles });
