import { App1764100000003 } from './1764100000003-app.js';
import { Books1764100000002 } from './1764100000002-books.js';
import { Chain1764100000001 } from './1764100000001-chain.js';
import { Regions1764100000000 } from './1764100000000-regions.js';

/** In the order in which they run. Forward only. */
export const migrations = [Regions1764100000000, Chain1764100000001, Books1764100000002, App1764100000003];
