import { join } from 'node:path';
import { expect, test } from 'vitest';
import { terminalScope } from '../../../src/cli/environments';
import { Failure } from '../../../src/cli/failure';
import { useTemporaryFolders } from '../../tools/temporaryFolder';

const temporaryFolder = useTemporaryFolders();

const config = `{
  "environments": {
    "local": { "variables": { "size": 3 }, "secrets": ["MARKET_TOKEN"] },
    "staging": {},
  },
}`;

async function scope(
  files: Record<string, string>,
  environment?: string,
  variables: Record<string, string> = {},
) {
  const cwd = await temporaryFolder(files);
  const options = { file: join(cwd, 'requests', 'a.grpc'), environment, overrides: new Map() };
  return terminalScope(options, { cwd, variables });
}

/** What the command says when it can't run. */
async function failure(files: Record<string, string>, environment?: string): Promise<string[]> {
  const error = await scope(files, environment).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Failure)) {
    throw new Error('it did not fail', { cause: error });
  }
  return [error.message, ...error.details, ...(error.next === undefined ? [] : [error.next])];
}

test('the environment that --env names, or the first, of the nearest frameline.json', async () => {
  const files = { 'frameline.json': config };
  expect((await scope(files)).environment?.name).toBe('local');
  expect((await scope(files, 'staging')).environment?.name).toBe('staging');
  const nearer = { ...files, 'requests/frameline.json': '{"environments": {"own": {}}}' };
  expect((await scope(nearer)).environment?.name).toBe('own');
});

test('none where there is no frameline.json and none is asked for', async () => {
  expect((await scope({ 'requests/a.grpc': '' })).environment).toBeUndefined();
});

test('a secret is the variable of the process with its name', async () => {
  const { secret } = await scope({ 'frameline.json': config }, 'local', {
    MARKET_TOKEN: 's3cret',
    EMPTY: '',
  });
  expect(await secret('MARKET_TOKEN')).toEqual({ ok: true, value: 's3cret' });
  expect(await secret('EMPTY')).toEqual({
    ok: false,
    message:
      'The secret EMPTY has no value: the variable EMPTY of the process environment is empty. Set it before the command: EMPTY=… frameline …',
  });
  expect(await secret('OTHER')).toEqual({
    ok: false,
    message:
      'The secret OTHER has no value: the variable OTHER of the process environment is not set. Set it before the command: OTHER=… frameline …',
  });
});

test('an environment that is not there', async () => {
  expect(await failure({ 'frameline.json': config }, 'stagin')).toEqual([
    'There is no environment "stagin" in frameline.json.',
    'Did you mean "staging"?',
  ]);
  expect(await failure({ 'frameline.json': config }, 'production')).toEqual([
    'There is no environment "production" in frameline.json.',
    'There are local, staging.',
  ]);
  expect(await failure({ 'frameline.json': '{}' }, 'local')).toEqual([
    'There is no environment "local" in frameline.json.',
    'It has no "environments".',
  ]);
  expect(await failure({ 'requests/a.grpc': '' }, 'local')).toEqual([
    'There is no environment "local": no frameline.json is above requests/a.grpc.',
    'Write one with "environments"; docs/frameline-json.md says how.',
  ]);
});

test('a frameline.json with mistakes is not used; warnings are none, nor what is the linter’s', async () => {
  const broken = '{\n  "environments": { "local": { "secret": [] } } }';
  expect(await failure({ 'frameline.json': broken })).toEqual([
    'frameline.json has mistakes.',
    'frameline.json:2:32: There is no setting "secret" in "environments.local". Did you mean "secrets"?',
  ]);
  const warned = '{ "lint": 3, "environments": { "local": { "variables": { "token": "abc" } } } }';
  expect((await scope({ 'frameline.json': warned })).environment?.name).toBe('local');
});
