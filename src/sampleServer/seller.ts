import type { Offer } from './listings';
import { priceText } from './money';

const Mood = { Cheerful: 1, Firm: 2, Offended: 3, Delighted: 4 } as const;

/** What the seller says next; `deal` is the price agreed on, in cents. */
export interface Answer {
  readonly text: string;
  readonly mood: number;
  readonly deal?: number;
  readonly walkedAway?: string;
}

const insultsTaken = 2;

/** A seller who haggles by fixed rules: the same moves always get the same answers. */
export class Seller {
  readonly #offer: Offer;
  /** Never goes below. */
  readonly #lowest: number;
  #asking: number;
  #insults = 0;

  constructor(offer: Offer) {
    this.#offer = offer;
    this.#asking = offer.price;
    this.#lowest = Math.round(offer.price * 0.8);
  }

  /** In cents. */
  get asking(): number {
    return this.#asking;
  }

  greet(): Answer {
    const { title, seller } = this.#offer;
    return {
      text: `${seller.name} here. ${title}, yes! ${priceText(this.#asking)} and it is yours.`,
      mood: Mood.Cheerful,
    };
  }

  hear(text: string): Answer {
    const answer = smallTalk.find(({ heard }) => heard.test(text));
    return answer
      ? { text: answer.says(this), mood: answer.mood }
      : {
          text: `That is nice. It still costs ${priceText(this.#asking)}.`,
          mood: Mood.Cheerful,
        };
  }

  /** @param offered In cents. */
  consider(offered: number): Answer {
    if (offered >= this.#asking) {
      return this.#sell(this.#asking, 'Deal! I never take more than I ask.');
    }
    if (offered < this.#offer.price / 2) {
      return this.#takeOffence(offered);
    }
    if (offered >= this.#lowest && this.#asking - offered <= this.#offer.price * 0.05) {
      return this.#sell(offered, 'You drive a hard bargain. Deal!');
    }
    // Half-way to the buyer each time, but never under the lowest price.
    const next = Math.max(this.#lowest, Math.round((this.#asking + offered) / 2));
    this.#asking = next;
    return next === this.#lowest
      ? { text: `${priceText(next)}, and that is my last word.`, mood: Mood.Firm }
      : { text: `Hmm. For you: ${priceText(next)}.`, mood: Mood.Cheerful };
  }

  accept(): Answer {
    return this.#sell(this.#asking, 'A pleasure. I will wrap it.');
  }

  #sell(price: number, text: string): Answer {
    this.#asking = price;
    return { text, mood: Mood.Delighted, deal: price };
  }

  #takeOffence(offered: number): Answer {
    this.#insults++;
    if (this.#insults > insultsTaken) {
      return {
        text: 'I have a cat to feed. Goodbye.',
        mood: Mood.Offended,
        walkedAway: `${this.#insults} offers under half the price`,
      };
    }
    return {
      text: `${priceText(offered)}? My grandmother would faint. ${priceText(this.#asking)}.`,
      mood: Mood.Offended,
    };
  }
}

const smallTalk: readonly {
  readonly heard: RegExp;
  readonly mood: number;
  says(seller: Seller): string;
}[] = [
  {
    heard: /\b(hello|hi|hey|moin|hej)\b/i,
    mood: Mood.Cheerful,
    says: () => 'Hello, hello! Come closer, it does not bite.',
  },
  {
    heard: /\b(cheap|cheaper|discount|less|lower)\b/i,
    mood: Mood.Firm,
    says: () => 'Words are free. Send me an `offer`.',
  },
  {
    heard: /\b(broken|rust|scratch|works?)\b/i,
    mood: Mood.Firm,
    says: () => 'It has character. Character is included in the price.',
  },
  {
    heard: /\?\s*$/,
    mood: Mood.Cheerful,
    says: (seller) => `Good question. The answer is ${priceText(seller.asking)}.`,
  },
];
