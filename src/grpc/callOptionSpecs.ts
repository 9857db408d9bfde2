/**
 * How one option of `CallOptions` is named, entered and explained. Pure data: the webview, the settings,
 * request files and the command line all draw from it.
 */
export interface OptionSpec {
  /** `keepalive-time`; the same name in request files and on the command line. */
  readonly name: string;
  readonly label: string;
  readonly group: 'call' | 'connection' | 'limits';
  readonly input:
    | { readonly kind: 'duration'; readonly keywords: readonly string[] }
    | { readonly kind: 'boolean' }
    | { readonly kind: 'size'; readonly keywords: readonly string[] }
    | { readonly kind: 'choice'; readonly choices: readonly string[] }
    | { readonly kind: 'text' }
    | { readonly kind: 'json' };
  /** The default as the user would type it; '' when there is none. */
  readonly default: string;
  /** Markdown-free help: what it does, unit, default. */
  readonly help: string;
}
