import type { Node } from 'jsonc-parser';
import { isSecretName } from '../grpc/secretName';
import type { ConfigReader, Entry } from './configReader';
import type { Environment, EnvironmentTarget } from './environments';
import { itemsOf } from './jsonTree';
import { isLiteral } from './literal';
import { readTarget, type ToPath } from './readTarget';

/** Of environments and targets. */
const plainName = /^[A-Za-z0-9_.-]+$/;
/** Of what `{{name}}` can name. */
const variableName = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

/** Reads `environments`; what is no use is left out, with a problem. */
export function readEnvironments(read: ConfigReader, node: Node, toPath: ToPath): Environment[] {
  return read
    .entries(node, 'environments', '{ "local": { … } }')
    .filter((entry) => hasName(read, entry, 'An environment', plainName))
    .map(({ text, value }) => readEnvironment(read, text, value, toPath));
}

function readEnvironment(
  read: ConfigReader,
  name: string,
  node: Node,
  toPath: ToPath,
): Environment {
  const at = `environments.${name}`;
  let variables: Environment['variables'] = new Map();
  let secrets: readonly SecretName[] = [];
  let targets: Environment['targets'] = new Map();
  read.object(node, at, {
    variables: (value) => {
      variables = readVariables(read, value, `${at}.variables`);
    },
    secrets: (value) => {
      secrets = readSecrets(read, value, `${at}.secrets`);
    },
    targets: (value) => {
      targets = readTargets(read, value, `${at}.targets`, toPath);
    },
  });
  for (const secret of secrets.filter(({ text }) => variables.has(text))) {
    read.problem(
      secret.node,
      `"${secret.text}" is a variable of this environment too, and the variable comes first: the secret would never be used. Give one of them another name.`,
    );
  }
  return { name, variables, secrets: secrets.map(({ text }) => text), targets };
}

function readVariables(read: ConfigReader, node: Node, at: string): Map<string, string> {
  const variables = new Map<string, string>();
  for (const entry of read.entries(node, at, '{ "name": "value" }')) {
    const { text: name, key, value } = entry;
    if (!hasName(read, entry, 'A variable', variableName)) {
      continue;
    }
    const text = valueText(read, value);
    if (text === undefined) {
      read.problem(value, `"${at}.${name}" has to be a text, a number, true or false.`);
      continue;
    }
    if (isSecretName(name) && isLiteral(text)) {
      read.warning(
        key,
        `"${name}" looks like a secret, and everyone who sees this file can read it. Keep it in secrets: write its name in "secrets", and not its value.`,
      );
    }
    variables.set(name, text);
  }
  return variables;
}

/** A number as it is written: a long one would lose digits. */
function valueText(read: ConfigReader, node: Node): string | undefined {
  switch (node.type) {
    case 'string':
      return String(node.value);
    case 'number':
    case 'boolean':
      return read.source(node);
    default:
      return undefined;
  }
}

interface SecretName {
  readonly text: string;
  readonly node: Node;
}

function readSecrets(read: ConfigReader, node: Node, at: string): SecretName[] {
  if (node.type === 'object') {
    read.problem(
      node,
      `"${at}" is a list of names: ["MARKET_TOKEN"]. Values don't stand in this file: the editor asks for them and keeps them, and the command line takes them from its environment.`,
    );
    return [];
  }
  read.list(node, at, 'names: ["MARKET_TOKEN"]');
  const secrets = new Map<string, SecretName>();
  for (const item of itemsOf(node)) {
    const text = read.text(item, at);
    if (text === undefined) {
      continue;
    }
    if (secrets.has(text)) {
      read.problem(item, `"${text}" stands here a second time. Take one of them out.`);
    } else if (hasName(read, { text, key: item }, 'A secret', variableName)) {
      secrets.set(text, { text, node: item });
    }
  }
  return [...secrets.values()];
}

function readTargets(
  read: ConfigReader,
  node: Node,
  at: string,
  toPath: ToPath,
): Environment['targets'] {
  const targets = new Map<string, EnvironmentTarget>();
  for (const entry of read.entries(node, at, '{ "market": { "address": "localhost:50051" } }')) {
    const target = readTarget(read, entry.value, `${at}.${entry.text}`, toPath);
    if (hasName(read, entry, 'A target', plainName) && target !== undefined) {
      targets.set(entry.text, target);
    }
  }
  return targets;
}

function hasName(
  read: ConfigReader,
  { text, key }: Pick<Entry, 'text' | 'key'>,
  what: string,
  allowed: RegExp,
): boolean {
  if (allowed.test(text)) {
    return true;
  }
  const first = allowed === variableName ? ', and begins with a letter or _' : '';
  read.problem(key, `${what} has a name of letters, digits, _ - and .${first}: "${text}" is none.`);
  return false;
}
