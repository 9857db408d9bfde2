import type { RequestForm } from '../../panel/protocol';
import type { HistoryEntry } from '../history/historyEntry';
import type { RunContext, RunningCall } from './callRun';

/** Which method of which server a panel is for. */
export interface PanelKey {
  readonly serverId: string;
  /** `/market.v1.ListingService/GetListing`. */
  readonly path: string;
  /** URI of the request file that the form comes from: it decides which environment holds. */
  readonly file?: string;
  /** Id of the call of the history that the panel shows, with its request. */
  readonly history?: string;
}

/** A call that was started elsewhere, to be shown in a panel. */
export interface StartedCall {
  readonly call: RunningCall;
  readonly context: Omit<RunContext, 'callId'>;
  /** Settles when nobody else reads the call's transcript any more: it is kept until then. */
  readonly held?: Promise<unknown>;
}

/** Opens the request panel of a method, or shows the one that is open; `form` fills a new one. */
export interface PanelOpener {
  open(key: PanelKey, form?: RequestForm): Promise<void>;
  /** Shows a call of the history, and sends its request again when asked to. */
  openKept(entry: HistoryEntry, sendAgain: boolean): Promise<void>;
  /**
   * Fills the one panel for the requests of files, which stays where the user left it.
   * @param focus whether it takes the focus
   * @returns the way to show a call in it, which is the panel's own from then on; false when the panel was closed
   *   or is about another request by then, and the call is still the caller's
   */
  fill(
    key: PanelKey,
    form: RequestForm,
    focus: boolean,
  ): Promise<(started: StartedCall) => boolean>;
}
