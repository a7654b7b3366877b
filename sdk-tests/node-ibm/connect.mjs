// The services of the client, pointed at a test's own mock, from which they fetch a token first.

import { Space, require } from '../node/space.mjs';

const { IamAuthenticator } = require('ibm-cloud-sdk-core');

const modules = {
  groups: require('@ibm-cloud/platform-services/iam-access-groups/v2'),
  identities: require('@ibm-cloud/platform-services/iam-identity/v1'),
  policies: require('@ibm-cloud/platform-services/iam-policy-management/v1'),
  users: require('@ibm-cloud/platform-services/user-management/v1'),
};

/** The pagers and classes of the access-group API. */
export const IamAccessGroupsV2 = modules.groups;
export const { V2PoliciesPager, PoliciesPager } = modules.policies;
export const { UsersPager } = modules.users;

/** Returns the test's mock and all services, made with `more` options. */
export function connect(context, more = {}) {
  const space = new Space(context);
  const authenticator = new IamAuthenticator({ apikey: 'any-key', url: space.url });
  const options = { authenticator, serviceUrl: space.url, ...more };
  const services = Object.entries(modules).map(([name, Service]) => [name, new Service(options)]);
  return { space, ...Object.fromEntries(services) };
}

/** Returns a check that an error has `status`. */
export function refusal(...statuses) {
  return (error) => statuses.includes(error.status);
}
