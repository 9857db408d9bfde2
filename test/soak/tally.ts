import type { CallStatus } from '../../src/transcript/entry';

/** Most violations that are written out: one cause often makes many. */
const shownViolations = 20;

/** Counts what was done, and keeps what should not have happened. */
export class Tally {
  readonly #calls = new Map<string, Map<string, number>>();
  readonly #faults = new Map<string, number>();
  readonly #numbers = new Map<string, number>();
  readonly violations: { readonly where: string; readonly problems: readonly string[] }[] = [];

  /** @param end how it ended, in a word or two */
  call(kind: string, end: string): void {
    const ends = this.#calls.get(kind) ?? new Map<string, number>();
    this.#calls.set(kind, ends);
    add(ends, end, 1);
  }

  fault(name: string): void {
    add(this.#faults, name, 1);
  }

  count(name: string, by = 1): void {
    add(this.#numbers, name, by);
  }

  /** Does nothing when there are no problems. */
  violation(where: string, problems: readonly string[]): void {
    if (problems.length > 0) {
      this.violations.push({ where, problems });
    }
  }

  get callCount(): number {
    return sum([...this.#calls.values()].flatMap((ends) => [...ends.values()]));
  }

  get faultCount(): number {
    return sum([...this.#faults.values()]);
  }

  /** Calls by kind and end, then faults, then the other numbers, then the violations. */
  report(): string {
    const ends = [...new Set([...this.#calls.values()].flatMap((counts) => [...counts.keys()]))];
    ends.sort((a, b) => this.#ofEnd(b) - this.#ofEnd(a));
    const kinds = [...this.#calls].sort(([a], [b]) => a.localeCompare(b));
    const rows = kinds.map(([kind, counts]) => [
      kind,
      ...ends.map((end) => String(counts.get(end) ?? '')),
      String(sum([...counts.values()])),
    ]);
    const totals = ['all', ...ends.map((end) => String(this.#ofEnd(end))), String(this.callCount)];
    const violations = this.violations
      .slice(0, shownViolations)
      .map(
        ({ where, problems }) => `${where}\n${problems.map((text) => `    ${text}`).join('\n')}`,
      );
    const more = this.violations.length - violations.length;
    return [
      'Calls by kind and end',
      table([['', ...ends, 'all'], ...rows, totals]),
      '',
      'Faults',
      table(inOrder(this.#faults)),
      '',
      'Held against the relay, and more',
      table(inOrder(this.#numbers)),
      '',
      violations.length === 0 ? 'Violations: none' : `Violations: ${this.violations.length}`,
      ...violations,
      ...(more > 0 ? [`… and ${more} more`] : []),
    ].join('\n');
  }

  #ofEnd(end: string): number {
    return sum([...this.#calls.values()].map((counts) => counts.get(end) ?? 0));
  }
}

/** The column of the table that a status counts in. */
export function endOf(status: CallStatus | undefined): string {
  if (!status) {
    return 'hangs';
  }
  const { cause } = status;
  if (cause.startsWith('deadline-')) {
    return 'deadline';
  }
  if (cause.startsWith('application-')) {
    return 'application';
  }
  return /^(tls|name)-/.test(cause) ? cause.slice(0, cause.indexOf('-')) : cause;
}

function add(to: Map<string, number>, key: string, by: number): void {
  to.set(key, (to.get(key) ?? 0) + by);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function inOrder(counts: ReadonlyMap<string, number>): string[][] {
  return [...counts].sort(([a], [b]) => a.localeCompare(b)).map(([name, n]) => [name, String(n)]);
}

/** The first column to the left, the others to the right, with headings in as many lines as they have words. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (known, row) => row.map((text, index) => Math.max(known[index] ?? 0, text.length)),
    [],
  );
  return rows
    .map((row) =>
      row
        .map((text, index) =>
          index === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[index] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `  ${line}`)
    .join('\n');
}
