// A separate namespace of the mock server for each test, and the packages of the client under test.

import { createRequire } from 'node:module';
import { join } from 'node:path';

// The packages are installed in the cache, not next to the tests.
export const require = createRequire(join(process.env.NODE_PACKAGES, 'package.json'));

/** The namespace of one test; the server creates it when its path prefix `/ns/NAME` is first used. */
export class Namespace {
  constructor(test) {
    const name = test.name.replaceAll(/[^A-Za-z0-9._-]/g, '-').slice(0, 90);
    this.url = `${process.env.MOCK_NAMESPACE_PREFIX}.${name}`;
  }

  /** Injects a fault into requests to `operation`. */
  async fault(operation, effect, schedule = {}) {
    await this.#post('faults', { match: { operation }, effect, schedule });
  }

  /** Returns the number of received requests to `operation`. */
  async requests(operation) {
    return (await this.#post('requests/count', { operation })).count;
  }

  async #post(route, body) {
    const response = await fetch(`${this.url}/__admin/${route}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${route}: ${response.status} ${await response.text()}`);
    return response.json();
  }
}

/** Returns the duration of `work` in milliseconds. */
export async function duration(work) {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
