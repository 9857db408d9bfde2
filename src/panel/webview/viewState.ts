import type { PanelState } from '../protocol';
import type { CallView } from './call/callPane';
import type { RequestTab } from './request/requestPane';

/** How the panel is arranged. Ratios are undefined until the user has moved a separator. */
export interface ViewState {
  readonly tab: RequestTab;
  readonly columns: number | undefined;
  readonly rows: number | undefined;
  readonly call: CallView;
}

/** The arrangement out of the saved state, each part only where it makes sense. */
export function readView(state: PanelState | undefined): ViewState {
  const view = state?.view ?? {};
  const ratio = (name: string): number | undefined => {
    const value = view[name];
    return typeof value === 'number' && value > 0 && value < 1 ? value : undefined;
  };
  return {
    tab: view.tab === 'metadata' || view.tab === 'options' ? view.tab : 'body',
    columns: ratio('columns'),
    rows: ratio('rows'),
    call: {
      timeline: view.timeline === 'frames' ? 'frames' : 'messages',
      detailTab: view.detailTab === 'bytes' ? 'bytes' : 'json',
      split: ratio('split'),
    },
  };
}

export function writeView(view: ViewState): PanelState['view'] {
  const { tab, columns, rows, call } = view;
  const { split } = call;
  return {
    tab,
    timeline: call.timeline,
    detailTab: call.detailTab,
    ...(columns === undefined ? {} : { columns }),
    ...(rows === undefined ? {} : { rows }),
    ...(split === undefined ? {} : { split }),
  };
}
