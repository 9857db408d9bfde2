import * as vscode from 'vscode';
import { configFileName } from '../../config/configFileName';
import type { Environment, EnvironmentFile } from '../../config/environments';
import { oneLine, plural } from '../../panel/text';
import type { App } from '../app';
import { askChoice, Back, type Choice } from '../commands/ask';
import { UserError } from '../errors';
import { askSecret } from './askSecret';
import type { SecretKey } from './environmentSecrets';

/** What can be done besides choosing an environment. */
type Other = 'edit' | 'secret';

/** Lets the user choose the environment of the request file that is looked at. */
export async function switchEnvironment(app: App): Promise<void> {
  const file = await fileWithEnvironments(app, 'Switching the environment');
  const chosen = app.environments.chosenIn(file);
  const others: Choice<Other>[] = [
    { group: '', label: `Edit ${configFileName}`, icon: 'go-to-file', value: 'edit' },
    ...(secretsOf(file).length === 0
      ? []
      : [{ label: 'Set a Secret…', icon: 'key', value: 'secret' } as const]),
  ];
  const picked = await askChoice<Environment | Other>({
    title: 'gRPC: Switch Environment',
    placeholder: 'Which environment do requests use?',
    choices: [
      ...file.environments.map((environment) => ({
        label: environment.name,
        description: description(environment),
        icon: environment === chosen ? 'check' : 'blank',
        value: environment,
      })),
      ...others,
    ],
  });
  switch (picked) {
    case undefined:
    case Back:
      return;
    case 'edit':
      await vscode.window.showTextDocument(vscode.Uri.file(file.path));
      return;
    case 'secret':
      return setSecret(app);
    default:
      return app.environments.choose(file, picked.name);
  }
}

/** Its targets, or what else there is. */
function description({ targets, variables }: Environment): string {
  const named = [...targets].map(([name, { target }]) => `${name} ${target.address}`);
  return oneLine(named.length > 0 ? named.join(', ') : plural(variables.size, 'variable'), 120);
}

/** Asks for the value of a secret of an environment, and keeps it. */
export async function setSecret(app: App): Promise<void> {
  const what = 'Setting a secret';
  if (!vscode.workspace.isTrusted) {
    throw new UserError('not-trusted', {
      what,
      why: "In Restricted Mode secrets can't be used.",
      next: 'Trust the folder first: "Workspaces: Manage Workspace Trust".',
    });
  }
  const keys = secretsOf(await fileWithEnvironments(app, what));
  if (keys.length === 0) {
    throw new UserError('no-secret', {
      what,
      why: `No environment of ${configFileName} names a secret.`,
      next: 'Write its name there: "secrets": ["TOKEN"].',
    });
  }
  const key = await askKey(app, keys, 'gRPC: Set Secret', 'Which secret gets a value?');
  const value = key && (await askSecret(key));
  if (key !== undefined && value !== undefined) {
    await app.environments.secrets.set(key, value);
  }
}

/** Forgets the value of a secret. */
export async function clearSecret(app: App): Promise<void> {
  const what = 'Clearing a secret';
  const all = secretsOf(await fileWithEnvironments(app, what));
  const values = await Promise.all(all.map((key) => app.environments.secrets.get(key)));
  const keys = all.filter((_, index) => values[index] !== undefined);
  if (keys.length === 0) {
    throw new UserError('no-secret', {
      what,
      why: `No secret of ${configFileName} has a value.`,
    });
  }
  const key = await askKey(app, keys, 'gRPC: Clear Secret', 'Which value is to be forgotten?');
  if (key !== undefined) {
    await app.environments.secrets.delete(key);
  }
}

function secretsOf({ path, environments }: EnvironmentFile): SecretKey[] {
  return environments.flatMap((environment) =>
    environment.secrets.map((name) => ({ file: path, environment: environment.name, name })),
  );
}

async function askKey(
  app: App,
  keys: readonly SecretKey[],
  title: string,
  placeholder: string,
): Promise<SecretKey | undefined> {
  const choices = await Promise.all(
    keys.map(async (key, index) => ({
      ...(keys[index - 1]?.environment === key.environment ? {} : { group: key.environment }),
      label: key.name,
      description: (await app.environments.secrets.get(key)) === undefined ? 'no value yet' : 'set',
      icon: 'key',
      value: key,
    })),
  );
  const picked = await askChoice({ title, placeholder, choices });
  return picked === Back ? undefined : picked;
}

async function fileWithEnvironments(app: App, what: string): Promise<EnvironmentFile> {
  const file = await app.environments.fileFor(app.environmentStatus.file);
  if (file === undefined || file.environments.length === 0) {
    throw new UserError('no-environment', {
      what,
      why:
        file === undefined
          ? `There is no ${configFileName} beside the requests or above them.`
          : `${file.path} has no environments.`,
      next:
        file === undefined
          ? 'Make one with "gRPC: Create frameline.json" and write "environments" into it.'
          : 'Write "environments" into it.',
    });
  }
  return file;
}
