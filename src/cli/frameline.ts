#!/usr/bin/env node
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { loadCached } from './codeCache';
import { isCommandName } from './commandNames';

type Program = typeof import('./main');

const [, , command] = process.argv;
if (command === 'run') {
  optimizeLater();
}
const path = join(__dirname, 'main.cjs');
const { main } = (isCommandName(command) ? loadCached(path, command) : require(path)) as Program;
void main(__dirname);

/**
 * A run of a thousand requests is over before it gains what V8 spends on optimizing it: a fifth of its time. Four times
 * the usual patience still has a long run optimized. V8 prints an error for an option that it doesn't have, so it is set
 * for the versions only that are known to have it.
 */
function optimizeLater(): void {
  const [major = ''] = process.versions.node.split('.');
  if (Number(major) <= 24) {
    setFlagsFromString('--interrupt-budget=300000');
  }
}
