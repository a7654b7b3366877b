package io.github.accessgroupsmock;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the server binary. */
final class Binary {
    private static final String NAME = "access-groups-mock";

    private Binary() {}

    /**
     * Returns the path of the server binary: the value of the environment variable AGM_BIN if it is set; otherwise the
     * binary on PATH, or the latest build, release or debug, of the checkout that contains this class.
     */
    static Path find() {
        return find(System.getenv(), targetFolders());
    }

    static Path find(Map<String, String> environment, List<Path> targetFolders) {
        String configured = environment.getOrDefault("AGM_BIN", "");
        if (!configured.isEmpty()) {
            if (Files.isRegularFile(Path.of(configured))) {
                return Path.of(configured);
            }
            throw new BinaryNotFoundException("AGM_BIN is `" + configured + "`, which is not a file");
        }

        String fileName = isWindows() ? NAME + ".exe" : NAME;
        String path = environment.getOrDefault("PATH", "");
        Optional<Path> onPath = Arrays.stream(path.split(File.pathSeparator))
            .filter(folder -> !folder.isEmpty())
            .map(folder -> Path.of(folder, fileName))
            .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
            .findFirst();
        if (onPath.isPresent()) {
            return onPath.get();
        }

        List<Path> candidates = targetFolders.stream()
            .flatMap(target -> Stream.of("release", "debug").map(profile -> target.resolve(profile).resolve(fileName)))
            .toList();
        // An old release build must not hide a newer debug build.
        return candidates.stream()
            .filter(Files::isRegularFile)
            .max(Comparator.comparing(Binary::modified))
            .orElseThrow(() -> notFound(path, candidates));
    }

    static boolean isWindows() {
        return System.getProperty("os.name").startsWith("Windows");
    }

    private static BinaryNotFoundException notFound(String path, List<Path> candidates) {
        List<String> locations = new ArrayList<>(List.of("the environment variable AGM_BIN: not set", "PATH: " + path));
        candidates.forEach(candidate -> locations.add(candidate.toString()));
        if (candidates.isEmpty()) {
            locations.add("cargo's target folder: this package is not in a checkout");
        }
        return new BinaryNotFoundException(NAME + " was not found. Build it with `cargo build` in its checkout, or set"
            + " AGM_BIN to its path.\nSearched locations:\n    " + String.join("\n    ", locations));
    }

    private static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    /** Returns cargo's target folders of the checkout that contains this class; none if it is not in a checkout. */
    private static List<Path> targetFolders() {
        CodeSource source = Binary.class.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null || !source.getLocation().getProtocol().equals("file")) {
            return List.of();
        }
        Path location = Path.of(URI.create(source.getLocation().toString()));
        for (Path folder = location; folder != null; folder = folder.getParent()) {
            if (Files.isRegularFile(folder.resolve("Cargo.toml")) && Files.isRegularFile(folder.resolve("src/main.rs"))) {
                String configured = System.getenv("CARGO_TARGET_DIR");
                Path target = folder.resolve("target");
                return configured == null || configured.isEmpty() ? List.of(target) : List.of(Path.of(configured), target);
            }
        }
        return List.of();
    }
}
