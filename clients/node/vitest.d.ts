import type { StartOptions } from "./index.js";

/** Returns a global setup of vitest that starts a server with these options and sets AGM_URL to its URL. */
export function globalSetup(options?: StartOptions): () => Promise<() => Promise<unknown>>;

declare const setup: () => Promise<() => Promise<unknown>>;
export default setup;
