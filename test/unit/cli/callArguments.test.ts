import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { callUsage, parseCallArguments } from '../../../src/cli/call/callArguments';
import { Failure } from '../../../src/cli/failure';
import {
  annotationsOf,
  headerOf,
  inOptionWords,
  withSwitches,
} from '../../../src/cli/request/requestOptions';
import { parseRunArguments, runUsage } from '../../../src/cli/run/runArguments';
import { optionNames } from '../../../src/grpc/callOptions';

const annotations = (...args: string[]) =>
  annotationsOf(parseCallArguments([...args, 'host:1', 'a.B/C'])?.values ?? {}).map(
    ({ name, value }) => [name.text, value.text],
  );

describe('parseCallArguments', () => {
  test('takes every option of the panel and of the target as an annotation has it', () => {
    expect(
      annotations(
        ...['--plaintext', '--deadline', '2s', '--keepalive-time=5m', '--proto', 'a.proto'],
        ...[
          '--proto',
          'b.proto',
          '--reflect-header',
          'x: y',
          '--wait-for-ready',
          '--no-reflection',
        ],
      ),
    ).toEqual([
      ['deadline', '2s'],
      ['wait-for-ready', 'true'],
      ['keepalive-time', '5m'],
      ['plaintext', ''],
      ['proto', 'a.proto'],
      ['proto', 'b.proto'],
      ['no-reflection', ''],
      ['reflect-metadata', 'x: y'],
    ]);
    expect(annotations('--retries', 'false')).toEqual([['retries', 'false']]);
    expect(annotations('--retries=false')).toEqual([['retries', 'false']]);
    for (const name of optionNames) {
      expect(annotations(`--${name}=x`)).toEqual([[name, 'x']]);
    }
  });

  test('tells a method from a request of a file', () => {
    expect(parseCallArguments(['host:1', 'a.B/C'])?.called).toEqual({
      kind: 'method',
      target: 'host:1',
      method: 'a.B/C',
    });
    expect(parseCallArguments(['a.grpc', '--line', '12'])?.called).toEqual({
      kind: 'file',
      path: 'a.grpc',
      name: undefined,
      line: 12,
    });
    expect(parseCallArguments(['--help'])).toBeUndefined();
  });

  test.each([
    [[], 'What is to be called?'],
    [['a', 'b', 'c'], '3 arguments are given'],
    [['a.grpc', '--line', '0'], '--line is the number of a line'],
    [['a.grpc', '--data', '{}'], '--data belongs to TARGET METHOD'],
    [['host:1', 'a.B/C', '--name', 'x'], '--name chooses a request of a file'],
    [['host:1', 'a.B/C', '--color', 'red'], '--color is auto, always, never, not "red".'],
  ])('refuses %j', (args, why) => {
    expect(() => parseCallArguments(args)).toThrow(Failure);
    expect(() => parseCallArguments(args)).toThrow(why);
  });

  test.each([
    [
      ['--max-receive-size', '-1'],
      'A value that begins with a dash is written --max-receive-size=-1. ',
    ],
    [['-H', '-x: secret'], 'A value that begins with a dash is written -H-…. '],
    [['--data', '--deadline', '2s'], 'A value that begins with a dash is written --data=-…. '],
    [['--deadline'], ''],
    [['-d'], ''],
  ])('says how a value begins with a dash: %j', (args, hint) => {
    const refused = expect.objectContaining({ next: `${hint}See frameline call --help.` });
    expect(() => parseCallArguments(['host:1', 'a.B/C', ...args])).toThrow(refused);
  });

  test('takes a value that begins with a dash as it is said', () => {
    expect(annotations('--max-receive-size=-1')).toEqual([['max-receive-size', '-1']]);
    expect(parseCallArguments(['-H-x: y', 'host:1', 'a.B/C'])?.headers).toEqual(['-x: y']);
  });
});

test('a switch is true when it stands alone, and not after --', () => {
  expect(withSwitches(['--retries', '--', '--retries'])).toEqual([
    '--retries=true',
    '--',
    '--retries',
  ]);
  expect(withSwitches(['--retries', 'false'])).toEqual(['--retries', 'false']);
});

test('headers are read as they are written', () => {
  expect(headerOf('authorization: Bearer a:b ')).toEqual({
    key: 'authorization',
    value: 'Bearer a:b',
  });
  expect(headerOf('x:')).toEqual({ key: 'x', value: '' });
  expect(() => headerOf('a b: c')).toThrow(Failure);
});

test('problems are told in the words of the command line', () => {
  expect(inOptionWords('@ca is for TLS, and @plaintext says that there is none.')).toBe(
    '--ca is for TLS, and --plaintext says that there is none.',
  );
  expect(inOptionWords('Write me@example.org or @reflect-metadata.')).toBe(
    'Write me@example.org or --reflect-header.',
  );
});

test('the page, the help and what is taken name the same options', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/command-line.md'), 'utf8');
  const options = (text: string) => [...new Set(text.match(/(?<![\w-])--[a-z][a-z-]+/g))].sort();
  const section = (command: string) =>
    new RegExp(`### Options of ${command}\\n([\\s\\S]*?)\\n\\| Exit code`).exec(page)?.[1] ?? '';
  expect(options(section('frameline call'))).toEqual(options(callUsage));
  expect(options(section('frameline run'))).toEqual(options(runUsage));
  expect(options(callUsage).length).toBeGreaterThan(optionNames.length + 15);
  for (const option of options(runUsage).filter((it) => it !== '--help' && it !== '--color')) {
    const isSwitch = ['--bail', '--json', '--frames'].includes(option);
    expect(parseRunArguments([isSwitch ? option : `${option}=x`, 'a.grpc'])?.paths).toEqual([
      'a.grpc',
    ]);
  }
});
