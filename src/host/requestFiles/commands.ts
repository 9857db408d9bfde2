import type { App } from '../app';
import { Command } from '../ids';
import { isProtoPlace, sendProtoRpc } from './sendProtoRpc';

/** The commands for request files and `.proto` files. An argument is what a lens hands over, or a menu's `Uri`. */
export function requestFileHandlers(app: App) {
  const { requestFiles } = app;
  return {
    [Command.SendRequest]: (argument: unknown) => requestFiles.use(app, argument, 'send'),
    [Command.OpenInPanel]: (argument: unknown) => requestFiles.use(app, argument, 'openInPanel'),
    [Command.CopyRequestAsGrpcurl]: (argument: unknown) =>
      requestFiles.use(app, argument, 'copyAsGrpcurl'),
    [Command.SendAllRequests]: (argument: unknown) => requestFiles.sendAll(app, argument),
    [Command.CancelRequest]: (argument: unknown) => requestFiles.cancel(argument),
    [Command.SendProtoRpc]: async (argument: unknown) => {
      if (isProtoPlace(argument)) {
        await sendProtoRpc(app, argument);
      }
    },
    [Command.ShowTranscript]: (argument: unknown) => app.requestTests.showTranscript(argument),
  };
}
