import { promises } from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';

/** Names that only this process knows: no other resolver is asked for them. */
const zone = '.soak.test';

export type Answer = readonly string[] | { readonly error: string };

/** Answers the look-ups of this process for names of a zone of its own; the system answers the others. */
export class Names {
  readonly #answers = new Map<string, Answer>();
  readonly #lookup = promises.lookup;
  readonly #resolveTxt = promises.resolveTxt;
  /** Look-ups that were answered. */
  asked = 0;

  /** grpc-js and Frameline take both functions from the module at each use. */
  install(): void {
    const lookup = (name: string, options: object): Promise<unknown> =>
      name.endsWith(zone) ? this.#answer(name) : this.#lookup(name, options);
    const resolveTxt = (name: string): Promise<string[][]> =>
      name.endsWith(zone) ? Promise.reject(failure('ENODATA', name)) : this.#resolveTxt(name);
    this.#replace(lookup as typeof promises.lookup, resolveTxt);
  }

  remove(): void {
    this.#replace(this.#lookup, this.#resolveTxt);
  }

  /** The full name. */
  set(name: string, answer: Answer): string {
    this.#answers.set(`${name}${zone}`, answer);
    return `${name}${zone}`;
  }

  async #answer(name: string): Promise<{ address: string; family: number }[]> {
    this.asked++;
    const answer = this.#answers.get(name) ?? { error: 'ENOTFOUND' };
    if ('error' in answer) {
      throw failure(answer.error, name);
    }
    return answer.map((address) => ({ address, family: 4 }));
  }

  #replace(lookup: typeof promises.lookup, resolveTxt: typeof promises.resolveTxt): void {
    Object.assign(promises, { lookup, resolveTxt });
    // `import { lookup } from 'node:dns/promises'` sees the change only then.
    syncBuiltinESMExports();
  }
}

function failure(code: string, name: string): Error {
  return Object.assign(new Error(`getaddrinfo ${code} ${name}`), { code, hostname: name });
}
