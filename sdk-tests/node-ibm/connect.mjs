// The services of the client for the namespace of a test, from which they first request a token.

import { Namespace, require } from '../node/namespace.mjs';

const { IamAuthenticator } = require('ibm-cloud-sdk-core');

const modules = {
  groups: require('@ibm-cloud/platform-services/iam-access-groups/v2'),
  identities: require('@ibm-cloud/platform-services/iam-identity/v1'),
  policies: require('@ibm-cloud/platform-services/iam-policy-management/v1'),
  users: require('@ibm-cloud/platform-services/user-management/v1'),
};

/** The pagers and classes of the access group API. */
export const IamAccessGroupsV2 = modules.groups;
export const { V2PoliciesPager, PoliciesPager } = modules.policies;
export const { UsersPager } = modules.users;

/** Returns the namespace of the test and all services, created with additional options. */
export function connect(context, extraOptions = {}) {
  const namespace = new Namespace(context);
  const authenticator = new IamAuthenticator({ apikey: 'any-key', url: namespace.url });
  const options = { authenticator, serviceUrl: namespace.url, ...extraOptions };
  const services = Object.entries(modules).map(([name, Service]) => [name, new Service(options)]);
  return { namespace, ...Object.fromEntries(services) };
}

/** Returns a predicate for errors with one of the statuses. */
export function hasStatus(...statuses) {
  return (error) => statuses.includes(error.status);
}
