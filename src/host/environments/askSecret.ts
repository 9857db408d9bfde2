import { askText, Back } from '../commands/ask';
import type { SecretKey } from './environmentSecrets';

/** Asks for the value of a secret; undefined when the user left. */
export async function askSecret({ environment, name }: SecretKey): Promise<string | undefined> {
  const value = await askText({
    title: `gRPC: Secret ${name}`,
    prompt: `Value of ${name} in the environment ${environment}. It is kept in the secret storage of the editor.`,
    password: true,
    check: (text) => (text === '' ? 'A secret has at least one character.' : undefined),
  });
  return value === Back ? undefined : value;
}
