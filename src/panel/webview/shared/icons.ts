import { html, type TemplateResult } from 'lit';
import { codicons, type IconName } from './codicons';

export type { IconName };

/** An icon without a name of its own for a screen reader; the text beside it says it. */
export function icon(name: IconName, extra = ''): TemplateResult {
  return html`<span class="icon ${extra}" aria-hidden="true"
    >${String.fromCharCode(codicons[name])}</span
  >`;
}
