import { join } from 'node:path';

type Program = typeof import('./main');

/** The program of a linter thread. The linter itself stands in the same file as the command. */
const { lintWorker } = require(join(__dirname, 'main.cjs')) as Program;
void lintWorker();
