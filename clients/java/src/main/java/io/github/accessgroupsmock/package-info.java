/**
 * Runs access-groups-mock in tests: a local, stateful mock server for the access-group APIs of Cloudflare, IBM Cloud,
 * Authress and FlickRocket.
 *
 * <p>{@link io.github.accessgroupsmock.AccessGroupsMock} on a test class starts the server and gives each test an
 * isolated {@link io.github.accessgroupsmock.Namespace}; {@link io.github.accessgroupsmock.Server} is a server without
 * JUnit.
 */
package io.github.accessgroupsmock;
