// Lists groups with a client that is configured by the environment only.

import { require } from '../node/namespace.mjs';

const Cloudflare = require('cloudflare');
const { AGM_TLS_URL } = process.env;

const client = new Cloudflare(AGM_TLS_URL ? { baseURL: `${AGM_TLS_URL}/client/v4` } : {});
await client.zeroTrust.access.groups.list({ account_id: '023e105f4ecef8ad9ca31a8372d0c353' });
