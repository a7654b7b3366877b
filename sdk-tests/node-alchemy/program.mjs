// A program for alchemy. RESOURCES is a JSON array of resources in the order of their creation: their kind, id and
// properties, in which "$ID" stands for the resource with that id. It prints what alchemy returns for each.

import alchemy from 'alchemy';
import * as cloudflare from 'alchemy/cloudflare';

const app = await alchemy('app', { noTrack: true, quiet: true });
const resources = {};

function resolve(value) {
  if (typeof value === 'string' && value.startsWith('$')) return resources[value.slice(1)];
  if (Array.isArray(value)) return value.map(resolve);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, resolve(member)]));
}

for (const { kind, id, ...properties } of JSON.parse(process.env.RESOURCES)) {
  resources[id] = await cloudflare[kind](id, resolve(properties));
}
await app.finalize();
console.log(JSON.stringify(resources));
