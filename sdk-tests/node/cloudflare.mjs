// What the tests of all major versions of Cloudflare's client share.

import { Namespace, require } from './namespace.mjs';

export const Cloudflare = require('cloudflare');

export const account = { account_id: '023e105f4ecef8ad9ca31a8372d0c353' };
export const zone = { zone_id: '9a7806061c88ada191ed06f989cc3dac' };
export const everyone = [{ everyone: {} }];
export const scope = { key: `com.cloudflare.api.account.${account.account_id}`, objects: [{ key: '*' }] };

/** Returns a client of the namespace of a test. */
export function connect(context) {
  return new Cloudflare({ baseURL: `${new Namespace(context).url}/client/v4`, apiToken: 'any' });
}

/** Returns the items of all pages. */
export async function all(pages) {
  const items = [];
  for await (const item of pages) items.push(item);
  return items;
}
