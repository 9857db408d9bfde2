/** Where the panel's files are, as URIs that the webview may load. */
export interface PanelFiles {
  readonly script: string;
  readonly styles: readonly string[];
  /** The origin that styles and fonts come from. */
  readonly cspSource: string;
}

/**
 * The page of the request panel. Nothing may run but the script that carries the nonce, and nothing be loaded
 * but the extension's own files. The styles of the panel's parts are constructed style sheets: no policy is
 * loosened for them.
 */
export function panelHtml(files: PanelFiles, nonce: string): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${files.cspSource}`,
    `font-src ${files.cspSource}`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
${files.styles.map((style) => `<link rel="stylesheet" href="${style}">`).join('\n')}
<title>Request</title>
</head>
<body>
<script type="module" nonce="${nonce}" src="${files.script}"></script>
</body>
</html>
`;
}
