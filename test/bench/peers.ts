/** `npm run bench -- --peers`: Frameline and what people use, on the same servers, taking turns. */
import { startBench } from './commandLine';
import { answers } from './peers/answers';
import { bigMessage } from './peers/bigMessage';
import { discovery } from './peers/discovery';
import { preparePrograms } from './peers/programs';
import { rate } from './peers/rate';
import { stream } from './peers/stream';
import { unary } from './peers/unary';

const rows = { discovery, unary, stream, bigMessage, answers, rate };

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in rows));
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')}. There are: ${Object.keys(rows).join(', ')}.`);
  process.exit(2);
}
const bench = await startBench();
try {
  const { folder, address: sample, program } = bench;
  const prepared = await preparePrograms({
    folder,
    sample,
    frameline: [process.execPath, program],
  });
  if (prepared === undefined) {
    process.exitCode = 1;
  } else {
    for (const [name, row] of Object.entries(rows)) {
      if (wanted.length === 0 || wanted.includes(name)) {
        await row(prepared.programs);
      }
    }
    await prepared.stop();
  }
} finally {
  bench.stop();
}
