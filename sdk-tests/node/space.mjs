// A mock of its own for each test, and the packages of the client under test.

import { createRequire } from 'node:module';
import { join } from 'node:path';

// The packages are installed into the cache, not beside the tests.
export const require = createRequire(join(process.env.NODE_PACKAGES, 'package.json'));

/** One test's mock; the prefix `/ns/NAME` makes it at its first use. */
export class Space {
  constructor(test) {
    const name = test.name.replaceAll(/[^A-Za-z0-9._-]/g, '-').slice(0, 90);
    this.url = `${process.env.MOCK_SPACE}.${name}`;
  }

  /** Lets requests to `operation` go wrong. */
  async fault(operation, effect, schedule = {}) {
    await this.#post('faults', { match: { operation }, effect, schedule });
  }

  /** Returns how many requests to `operation` arrived. */
  async requests(operation) {
    return (await this.#post('requests/count', { operation })).count;
  }

  async #post(route, body) {
    const answer = await fetch(`${this.url}/__admin/${route}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${route}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }
}

/** Returns how many milliseconds `work` takes. */
export async function duration(work) {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
