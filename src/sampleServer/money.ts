/** A google.type.Money as a handler gets it. */
export interface Money {
  readonly currencyCode?: string;
  readonly units?: bigint;
  readonly nanos?: number;
}

/** In cents, rounded; what the market counts in. */
export function cents(money: Money | undefined): number {
  return Number(money?.units ?? 0n) * 100 + Math.round((money?.nanos ?? 0) / 10_000_000);
}

export function euros(amount: number): Required<Money> {
  const units = Math.trunc(amount / 100);
  return { currencyCode: 'EUR', units: BigInt(units), nanos: (amount - units * 100) * 10_000_000 };
}

/** `19.50 EUR`. */
export function priceText(amount: number): string {
  return `${(amount / 100).toFixed(2)} EUR`;
}
