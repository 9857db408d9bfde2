import * as vscode from 'vscode';
import { Command, Scheme } from '../ids';
import { protoRpcs } from './protoRpcs';

/** What a lens of a `.proto` file hands to its command. */
export interface ProtoPlace {
  /** Of the file. */
  readonly uri: string;
  /** `/market.v1.ListingService/GetListing`. */
  readonly path: string;
  /** Id of the server that the definition was read from. */
  readonly server?: string;
}

/** Above each `rpc` of a `.proto` file: send it. */
export class ProtoLenses implements vscode.CodeLensProvider {
  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const server =
      document.uri.scheme === Scheme.Proto
        ? new URLSearchParams(document.uri.query).get('server')
        : null;
    return protoRpcs(document.getText()).map(({ path, offset }) => {
      const place: ProtoPlace = {
        uri: document.uri.toString(),
        path,
        ...(server === null ? {} : { server }),
      };
      const position = document.positionAt(offset);
      return new vscode.CodeLens(new vscode.Range(position, position), {
        command: Command.SendProtoRpc,
        title: '$(play) Send RPC',
        arguments: [place],
      });
    });
  }
}
