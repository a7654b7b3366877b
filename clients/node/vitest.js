// The global setup of vitest: one server for the run, with its URL in AGM_URL.
import { start } from "./index.js";

export function globalSetup(options) {
  return async () => {
    const server = await start(options);
    process.env.AGM_URL = server.url;
    return () => server.stop();
  };
}

export default globalSetup();
