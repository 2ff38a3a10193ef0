/** Sources of parts of code that are fetched where they are needed, as the build names them. */
export const NAMES_OF_PLACES = 'src/client/region-catalogue.ts';
export const CHECK_OF_RULES = 'src/client/check-rules.ts';
