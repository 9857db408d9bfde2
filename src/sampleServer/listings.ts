import { createHash } from 'node:crypto';
import { timestamp } from './handlers';
import { euros } from './money';

export const Condition = {
  Unspecified: 0,
  New: 1,
  LikeNew: 2,
  Good: 3,
  Worn: 4,
  Broken: 5,
} as const;

/** What the market sells. Prices are in cents. */
export interface Offer {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly price: number;
  readonly condition: number;
  readonly seller: { readonly id: string; readonly name: string; readonly rating: number };
  readonly listedAt: string;
  readonly tags: readonly string[];
  readonly attributes: Readonly<Record<string, string>>;
  readonly delivery:
    | { readonly pickup: { city: string; latitude: number; longitude: number } }
    | { readonly shippingCost: number; readonly countries: readonly string[] };
  readonly photos?: readonly string[];
  readonly views?: bigint;
}

const ada = { id: 'seller-ada', name: 'Ada', rating: 4.75 };
const björn = { id: 'seller-bjorn', name: 'Björn', rating: 3.5 };
const chidi = { id: 'seller-chidi', name: 'Chidi & Töchter 🛋️', rating: 5 };

export const offers: readonly Offer[] = [
  {
    id: 'lamp-1',
    title: 'Brass reading lamp',
    description: 'Bends where you want it.\nHums a little on rainy days.',
    price: 4500,
    condition: Condition.Good,
    seller: ada,
    listedAt: '2024-03-01T09:30:00Z',
    tags: ['lamp', 'brass', 'desk'],
    attributes: { colour: 'brass', height: '48 cm', bulb: 'E14' },
    delivery: { shippingCost: 690, countries: ['DE', 'AT', 'NL'] },
    photos: ['lamp-front.jpg', 'lamp-switch.jpg'],
    views: 218n,
  },
  {
    id: 'bike-7',
    title: 'Touring bicycle, 56 cm',
    description: 'Has seen three countries and one ditch.',
    price: 32000,
    condition: Condition.Worn,
    seller: björn,
    listedAt: '2024-02-17T18:05:12.345Z',
    tags: ['bike', 'touring', 'steel'],
    attributes: { frame: 'steel', gears: '3×9', 'wheel size': '28″' },
    delivery: { pickup: { city: 'Göteborg', latitude: 57.7089, longitude: 11.9746 } },
    photos: ['bike.jpg'],
    views: 1204n,
  },
  {
    id: 'piano-3',
    title: 'Upright piano',
    description: 'Ground floor, wide door. Tuned in 2019, mostly.',
    price: 90000,
    condition: Condition.Good,
    seller: chidi,
    listedAt: '2023-11-05T07:00:00Z',
    tags: ['piano', 'music', 'heavy'],
    attributes: { weight: '240 kg', keys: '88 (87 work)' },
    delivery: { pickup: { city: 'Porto', latitude: 41.1579, longitude: -8.6291 } },
  },
  {
    id: 'books-12',
    title: 'Forty crime novels',
    description: 'The last page of one is missing. It is a surprise which.',
    price: 2000,
    condition: Condition.Worn,
    seller: ada,
    listedAt: '2024-03-03T21:45:00Z',
    tags: ['books', 'crime'],
    attributes: { language: 'English', count: '40' },
    delivery: { shippingCost: 1290, countries: ['DE'] },
    views: 77n,
  },
  {
    id: 'chair-5',
    title: 'Rocking chair',
    description: 'Rocks. Not for parts.',
    price: 7500,
    condition: Condition.LikeNew,
    seller: chidi,
    listedAt: '2024-01-20T12:00:00Z',
    tags: ['chair', 'wood'],
    attributes: { wood: 'beech' },
    delivery: { pickup: { city: 'Porto', latitude: 41.1579, longitude: -8.6291 } },
    photos: ['chair.jpg'],
    views: 9_007_199_254_740_993n,
  },
  {
    id: 'radio-9',
    title: 'Valve radio',
    description: 'Silent since 1971.',
    price: 1500,
    condition: Condition.Broken,
    seller: björn,
    listedAt: '2024-02-29T23:59:59Z',
    tags: ['radio', 'for parts', 'desk'],
    attributes: {},
    delivery: { shippingCost: 890, countries: ['SE', 'NO', 'DK', 'DE'] },
    views: 0n,
  },
  {
    id: 'kettle-2',
    title: 'Kettle, never boiled',
    description: 'A wedding present. The other three are in use.',
    price: 2500,
    condition: Condition.New,
    seller: ada,
    listedAt: '2024-03-04T08:15:30Z',
    tags: ['kitchen', 'kettle'],
    attributes: { volume: '1.7 l', power: '2200 W' },
    delivery: { shippingCost: 490, countries: ['DE', 'AT'] },
    views: 12n,
  },
  {
    id: 'plant-4',
    title: 'Rubber plant named Gustav',
    description: 'Answers to his name by growing.',
    price: 1800,
    condition: Condition.LikeNew,
    seller: chidi,
    listedAt: '2024-03-02T16:20:00Z',
    tags: ['plant', 'green'],
    attributes: { height: '1.6 m', water: 'weekly' },
    delivery: { pickup: { city: 'Porto', latitude: 41.1579, longitude: -8.6291 } },
  },
];

/** What a request without an id gets. */
export const todaysFind = offers[0] as Offer;

export function findOffer(id: string): Offer | undefined {
  return offers.find((offer) => offer.id === id);
}

/** The message market.v1.Listing of an offer. */
export function listingMessage(offer: Offer): object {
  const { price, listedAt, delivery, photos, ...same } = offer;
  return {
    ...same,
    price: euros(price),
    listedAt: timestamp(new Date(listedAt)),
    ...('pickup' in delivery
      ? delivery
      : { shipping: { cost: euros(delivery.shippingCost), countries: delivery.countries } }),
    photos: (photos ?? []).map((fileName, index) => ({
      fileName,
      size: 120_000 + index * 34_567,
      digest: createHash('sha256').update(fileName).digest(),
    })),
  };
}
