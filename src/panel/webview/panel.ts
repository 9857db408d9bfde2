/**
 * The request panel's browser code. The host's page has to look like this:
 *
 *   <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-N';
 *     style-src ${webview.cspSource}; font-src ${webview.cspSource}">
 *   <link rel="stylesheet" href="…/dist/panel/codicon.css">   the font; icons are characters of it
 *   <link rel="stylesheet" href="…/media/panel.css">          page reset
 *   <body><script type="module" nonce="N" src="…/dist/panel/panel.js"></script></body>
 *
 * The nonce is for the script alone. All other styles are constructed style sheets of shadow roots (Lit, and
 * CodeMirror when its root is a shadow root), which `style-src` doesn't govern: neither `unsafe-inline` nor
 * a nonce is needed for them.
 */
import { FramelinePanel } from './app';
import { HostConnection, type VsCodeApi } from './shared/hostConnection';

declare function acquireVsCodeApi(): VsCodeApi;

const panel = new FramelinePanel();
panel.host = new HostConnection(acquireVsCodeApi(), window);
document.body.append(panel);
