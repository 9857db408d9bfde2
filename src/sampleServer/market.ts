import { createHash, type Hash } from 'node:crypto';
import { status, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { failure, invalidField } from './failure';
import {
  bidirectional,
  clientStream,
  type DurationMessage,
  milliseconds,
  pause,
  requests,
  send,
  serverStream,
  timestamp,
  unary,
} from './handlers';
import { Condition, findOffer, listingMessage, type Offer, offers, todaysFind } from './listings';
import { cents, euros, type Money } from './money';
import { type Answer, Seller } from './seller';

interface SearchRequest {
  readonly query?: string;
  readonly maxPrice?: Money;
  readonly conditions: readonly number[];
  readonly limit?: number;
  readonly pause?: DurationMessage;
}

interface UploadRequest {
  readonly info?: { readonly listingId?: string; readonly fileName?: string };
  readonly chunk?: Uint8Array;
}

interface NegotiateRequest {
  readonly listingId?: string;
  readonly text?: string;
  readonly offer?: Money;
  readonly accept?: boolean;
}

/** market.v1.ListingService. */
export const market: UntypedServiceImplementation = {
  GetListing: unary<{ id?: string }, object>((call) =>
    listingMessage(existingOffer('id', call.request.id)),
  ),

  SearchListings: serverStream<SearchRequest, object>(async (call, gone) => {
    const found = search(call.request);
    const between = milliseconds(call.request.pause, 10_000);
    for (const [position, offer] of found.entries()) {
      await pause(position === 0 ? 0 : between, gone);
      const listing = listingMessage(offer);
      await send(call, { listing, position, total: found.length }, gone);
    }
  }),

  ListAll: serverStream<SearchRequest, object>(async (call, gone) => {
    for (const offer of search(call.request)) {
      await send(call, listingMessage(offer), gone);
    }
  }),

  UploadPhotos: clientStream<UploadRequest, object>(async (call) => {
    const photos: { fileName: string; size: bigint; hash: Hash }[] = [];
    for await (const { info, chunk } of requests(call)) {
      const current = photos.at(-1);
      if (info) {
        existingOffer('info.listing_id', info.listingId);
        // The template that a newcomer sends first has no name in it.
        const fileName = info.fileName || `photo-${photos.length + 1}.jpg`;
        photos.push({ fileName, size: 0n, hash: createHash('sha256') });
      } else if (!current) {
        throw invalidField('info', 'Say which photo it is before its first chunk.', 'REQUIRED');
      } else if (chunk) {
        current.size += BigInt(chunk.length);
        current.hash.update(chunk);
      }
    }
    return {
      photos: photos.map(({ hash, ...photo }) => ({ ...photo, digest: hash.digest() })),
      totalSize: photos.reduce((sum, photo) => sum + photo.size, 0n),
    };
  }),

  Negotiate: bidirectional<NegotiateRequest, object>(async (call, gone) => {
    let talk: { readonly seller: Seller; readonly offer: Offer } | undefined;
    for await (const move of requests(call)) {
      let answer: Answer;
      if (!talk) {
        const offer = existingOffer('listing_id', move.listingId);
        talk = { offer, seller: new Seller(offer) };
        answer = talk.seller.greet();
      } else {
        answer = reply(talk.seller, move);
      }
      await send(call, negotiateResponse(talk, answer), gone);
      if (answer.deal !== undefined || answer.walkedAway !== undefined) {
        return;
      }
    }
  }),
};

function existingOffer(field: string, id: string | undefined): Offer {
  // The empty request that a newcomer sends first has an answer.
  if (!id) {
    return todaysFind;
  }
  if (!/^[a-z]+-\d+$/.test(id)) {
    throw invalidField(field, 'An id is a word and a number, e.g. lamp-1.', 'MALFORMED_ID');
  }
  const offer = findOffer(id);
  if (!offer) {
    throw failure(status.NOT_FOUND, `no listing has the id ${JSON.stringify(id)}`, [
      {
        type: 'google.rpc.ErrorInfo',
        value: {
          reason: 'LISTING_NOT_FOUND',
          domain: 'market.example',
          metadata: { listing_id: id },
        },
      },
      {
        type: 'google.rpc.LocalizedMessage',
        value: { locale: 'de-DE', message: 'Diese Anzeige gibt es nicht (mehr).' },
      },
    ]);
  }
  return offer;
}

function search({ query = '', maxPrice, conditions, limit = 0 }: SearchRequest): Offer[] {
  if (limit < 0) {
    throw invalidField('limit', `${limit} is negative; 0 means all.`, 'NEGATIVE');
  }
  if (maxPrice) {
    checkCurrency('max_price.currency_code', maxPrice);
  }
  // A filled-in template says zero where a person would leave the field out.
  const limitCents = cents(maxPrice);
  const wanted = conditions.filter((condition) => condition !== Condition.Unspecified);
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = offers
    .filter((offer) => {
      const text = [offer.title, offer.description, ...offer.tags].join('\n').toLowerCase();
      return (
        words.every((word) => text.includes(word)) &&
        (limitCents === 0 || offer.price <= limitCents) &&
        (wanted.length === 0 || wanted.includes(offer.condition))
      );
    })
    .sort((a, b) => a.price - b.price);
  return limit > 0 ? found.slice(0, limit) : found;
}

function checkCurrency(field: string, { currencyCode }: Money) {
  if (currencyCode && currencyCode !== 'EUR') {
    throw invalidField(field, 'This market trades in EUR only.', 'UNKNOWN_CURRENCY');
  }
}

function reply(seller: Seller, move: NegotiateRequest): Answer {
  if (move.offer) {
    checkCurrency('offer.currency_code', move.offer);
    const offered = cents(move.offer);
    if (offered <= 0) {
      throw invalidField('offer.units', 'An offer is more than nothing.', 'NOT_POSITIVE');
    }
    return seller.consider(offered);
  }
  if (move.listingId !== undefined) {
    throw failure(status.FAILED_PRECONDITION, 'this talk is about one listing: start another call');
  }
  return move.accept ? seller.accept() : seller.hear(move.text ?? '');
}

function negotiateResponse({ seller, offer }: { seller: Seller; offer: Offer }, answer: Answer) {
  const { text, mood, deal, walkedAway } = answer;
  return {
    text,
    mood,
    asking: euros(seller.asking),
    ...(deal === undefined
      ? {}
      : { deal: { listingId: offer.id, price: euros(deal), agreedAt: timestamp(new Date()) } }),
    ...(walkedAway === undefined ? {} : { walkedAway }),
  };
}
