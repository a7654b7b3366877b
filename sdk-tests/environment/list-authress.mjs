// Lists groups with the URL and the key of the environment.

import { require } from '../node/namespace.mjs';

const { AuthressClient } = require('@authress/sdk');
const { AGM_TLS_URL, AUTHRESS_API_URL, AUTHRESS_KEY } = process.env;

const client = new AuthressClient({ authressApiUrl: AGM_TLS_URL ?? AUTHRESS_API_URL }, AUTHRESS_KEY);
await client.httpClient.get('/v1/groups');
