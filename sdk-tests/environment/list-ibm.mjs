// Lists groups five times with a client that is configured by the environment only.

import { require } from '../node/namespace.mjs';

const IamAccessGroupsV2 = require('@ibm-cloud/platform-services/iam-access-groups/v2');
const { AGM_TLS_URL } = process.env;

const service = IamAccessGroupsV2.newInstance({});
if (AGM_TLS_URL) service.setServiceUrl(AGM_TLS_URL);
for (let call = 0; call < 5; call += 1) await service.listAccessGroups({ accountId: 'acct1' });
