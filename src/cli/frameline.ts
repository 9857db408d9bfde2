#!/usr/bin/env node
import { join } from 'node:path';
import { loadCached } from './codeCache';
import { isCommandName } from './commandNames';

type Program = typeof import('./main');

const [, , command] = process.argv;
const path = join(__dirname, 'main.cjs');
const { main } = (isCommandName(command) ? loadCached(path, command) : require(path)) as Program;
void main(__dirname);
