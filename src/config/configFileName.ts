/** Name of the configuration file. */
export const configFileName = 'frameline.json';
