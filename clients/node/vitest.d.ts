import type { StartOptions } from "./index.js";

/** Returns a global set-up of vitest that starts a server with these options and names its URL in AGM_URL. */
export function globalSetup(options?: StartOptions): () => Promise<() => Promise<unknown>>;

declare const setup: () => Promise<() => Promise<unknown>>;
export default setup;
