import type { RequestForm } from '../../panel/protocol';

/** Which method of which server a panel is for. */
export interface PanelKey {
  readonly serverId: string;
  /** `/market.v1.ListingService/GetListing`. */
  readonly path: string;
}

/** Opens the request panel of a method, or shows the one that is open; `form` fills a new one. */
export interface PanelOpener {
  open(key: PanelKey, form?: RequestForm): Promise<void>;
}
