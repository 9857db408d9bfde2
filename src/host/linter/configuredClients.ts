import { configFileName } from '../../config/configFileName';
import { namesClients } from '../../lint/grpcMarker';

/** Whether a `frameline.json` names clients of its own: then code shows nothing of gRPC and still calls. */
export class ConfiguredClients {
  readonly #read: (path: string) => Promise<string | undefined>;
  /** By folder. */
  readonly #known = new Map<string, Promise<boolean>>();

  /** @param read the text of a file, by its path; undefined when there is none */
  constructor(read: (path: string) => Promise<string | undefined>) {
    this.#read = read;
  }

  /**
   * For a file, by the nearest `frameline.json` in its folder or above, up to the workspace folder.
   * @param path with forward slashes, as that of the workspace folder
   */
  async hold(path: string, workspaceFolder: string): Promise<boolean> {
    const folder = path.slice(0, path.lastIndexOf('/'));
    return folder.length >= workspaceFolder.length && folder.startsWith(workspaceFolder)
      ? this.#in(folder, workspaceFolder)
      : false;
  }

  #in(folder: string, workspaceFolder: string): Promise<boolean> {
    const known = this.#known.get(folder) ?? this.#look(folder, workspaceFolder);
    this.#known.set(folder, known);
    return known;
  }

  async #look(folder: string, workspaceFolder: string): Promise<boolean> {
    const text = await this.#read(`${folder}/${configFileName}`);
    return text === undefined ? this.hold(folder, workspaceFolder) : namesClients(text);
  }
}
