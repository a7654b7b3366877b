// Lists groups with a client that is configured by the environment only.

import { pathToFileURL } from 'node:url';

import { require } from '../node/namespace.mjs';

const load = (name) => import(pathToFileURL(require.resolve(name)).href);
const { Effect } = await load('effect');
const { CredentialsFromEnv } = await load('@distilled.cloud/cloudflare/Credentials');
const { none } = await load('@distilled.cloud/cloudflare/Retry');
const { layer } = await load('effect/unstable/http/FetchHttpClient');
const access = await load('@distilled.cloud/cloudflare/zero-trust');

const { AGM_TLS_URL } = process.env;
if (AGM_TLS_URL) process.env.CLOUDFLARE_API_BASE_URL = `${AGM_TLS_URL}/client/v4`;

const list = none(access.listAccessGroupsForAccount({ accountId: '023e105f4ecef8ad9ca31a8372d0c353' }));
await Effect.runPromise(list.pipe(Effect.provide(CredentialsFromEnv), Effect.provide(layer)));
