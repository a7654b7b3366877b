package io.github.accessgroupsmock;

/**
 * The base URLs for the vendors' SDKs.
 *
 * @param cloudflare the base URL of Cloudflare's API, with {@code /client/v4}
 * @param ibm the base URL of IBM's access groups, and of its token endpoint
 * @param authress the base URL of Authress' API
 * @param legacy the base URL of FlickRocket's API
 */
public record Urls(String cloudflare, String ibm, String authress, String legacy) {}
