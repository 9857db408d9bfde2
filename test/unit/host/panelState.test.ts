import { describe, expect, it } from 'vitest';
import { panelHtml } from '../../../src/host/requestPanel/panelHtml';
import { parsePanelState } from '../../../src/host/requestPanel/panelState';
import type { PanelState } from '../../../src/panel/protocol';

const state: PanelState = {
  version: 1,
  target: 'a',
  service: 'market.v1.ListingService',
  method: 'Get',
  form: {
    body: '{}',
    metadata: [{ key: 'x', value: 'y', enabled: false }],
    options: { deadline: '5s' },
  },
  view: {},
};

describe('parsePanelState', () => {
  it('gives back what the webview kept', () => {
    expect(parsePanelState(JSON.parse(JSON.stringify(state)))).toEqual({
      key: { serverId: 'a', path: '/market.v1.ListingService/Get' },
      form: state.form,
    });
  });

  it.each([undefined, null, 'text', [], {}, { ...state, version: 2 }, { ...state, target: 7 }])(
    'takes nothing from %j',
    (value) => {
      expect(parsePanelState(value)).toBeUndefined();
    },
  );

  it('knows the call of the history again, by an id that can name a file', () => {
    const history = '001795348392000-0a1b2c3d';
    expect(parsePanelState({ ...state, history })?.key.history).toBe(history);
    expect(parsePanelState({ ...state, history: '../../secrets' })?.key).not.toHaveProperty(
      'history',
    );
  });

  it('restores the panel without a form that does not fit', () => {
    const key = { serverId: 'a', path: '/market.v1.ListingService/Get' };
    expect(parsePanelState({ ...state, form: { body: 7 } })).toEqual({ key });
    expect(
      parsePanelState({
        ...state,
        form: { body: '', metadata: [null, { key: 'k' }], options: { deadline: 5 } },
      }),
    ).toEqual({ key, form: { body: '', metadata: [], options: {} } });
  });
});

describe('panelHtml', () => {
  const html = panelHtml(
    {
      script: 'https://files/panel.js',
      styles: ['https://files/a.css'],
      cspSource: 'https://files',
    },
    'n0nce',
  );
  const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1];

  it('allows its own files and nothing else', () => {
    expect(policy).toBe(
      "default-src 'none'; script-src 'nonce-n0nce'; style-src https://files; font-src https://files",
    );
  });

  it('has no script and no style without the policy knowing', () => {
    expect(html.match(/<script[^>]*>/g)).toEqual([
      '<script type="module" nonce="n0nce" src="https://files/panel.js">',
    ]);
    expect(html).not.toMatch(/<style|style=|\son\w+=/);
  });
});
