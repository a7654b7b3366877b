package io.github.accessgroupsmock;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.function.Supplier;

/** A running mock: the default namespace of a server, or one of its namespaces. */
public class Mock {
    /** The maximum length of a namespace name. */
    private static final int MAX_NAME_LENGTH = 128;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final String name;
    private final String url;
    private final Admin admin;
    private final Supplier<String> diagnosis;

    Mock(String name, String url, Supplier<String> diagnosis) {
        this.name = name;
        this.url = url.replaceFirst("/+$", "");
        this.admin = new Admin(this.url, diagnosis);
        this.diagnosis = diagnosis;
    }

    /** Returns a mock for a running server at a URL; no request is sent. */
    public static Mock connect(String url) {
        return new Mock("default", url, () -> "");
    }

    /** Returns the name of the namespace. */
    public final String name() {
        return name;
    }

    /** Returns the base URL of the namespace, without a trailing slash. */
    public final String url() {
        return url;
    }

    /** Returns the base URLs for the vendors' SDKs. */
    public final Urls urls() {
        return new Urls(url + "/client/v4", url, url, url);
    }

    /** Returns the client of the admin API for this namespace. */
    public final Admin admin() {
        return admin;
    }

    /**
     * Returns a new namespace of the same server, which is created from the seed on first use. Its name is {@code
     * label}, in which other characters than those of names are replaced, with a random suffix.
     */
    public final Namespace namespace(String label) {
        byte[] random = new byte[4];
        RANDOM.nextBytes(random);
        String suffix = "-" + HexFormat.of().formatHex(random);
        String valid = label.replaceAll("[^A-Za-z0-9._~:@+-]+", "-");
        String name = valid.substring(0, Math.min(valid.length(), MAX_NAME_LENGTH - suffix.length())) + suffix;
        return new Namespace(this, name, diagnosis);
    }
}
