package agm

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

const binaryName = "access-groups-mock"

// FindBinary returns the path of the server binary: the value of the environment variable AGM_BIN if it is set;
// otherwise the binary on PATH, or the latest build, release or debug, of the checkout that contains this package. Its
// error lists all these locations.
func FindBinary() (string, error) {
	if configured := os.Getenv("AGM_BIN"); configured != "" {
		if !isFile(configured) {
			return "", fmt.Errorf("AGM_BIN is `%s`, which is not a file", configured)
		}
		return configured, nil
	}
	if onPath, err := exec.LookPath(binaryName); err == nil {
		return onPath, nil
	}

	candidates := buildPaths(targetFolders())
	builds := slices.DeleteFunc(slices.Clone(candidates), func(path string) bool { return !isFile(path) })
	if len(builds) > 0 {
		// An old release build must not hide a newer debug build.
		return slices.MaxFunc(builds, compareModTime), nil
	}

	locations := append([]string{"the environment variable AGM_BIN: not set", "PATH: " + os.Getenv("PATH")}, candidates...)
	if len(candidates) == 0 {
		locations = append(locations, "cargo's target folder: this package is not in a checkout")
	}
	return "", fmt.Errorf(
		"%s was not found. Build it with `cargo build` in its checkout, or set AGM_BIN to its path.\n"+
			"Searched locations:\n    %s",
		binaryName, strings.Join(locations, "\n    "))
}

// targetFolders returns cargo's target folders of the checkout that contains this file; none if it is not in a checkout.
var targetFolders = func() []string {
	_, file, _, _ := runtime.Caller(0)
	checkout := filepath.Join(filepath.Dir(file), "..", "..")
	if !isFile(filepath.Join(checkout, "Cargo.toml")) {
		return nil
	}
	folders := []string{filepath.Join(checkout, "target")}
	if configured := os.Getenv("CARGO_TARGET_DIR"); configured != "" {
		folders = append(folders, configured)
	}
	return folders
}

func buildPaths(targets []string) []string {
	file := binaryName
	if runtime.GOOS == "windows" {
		file += ".exe"
	}
	var paths []string
	for _, target := range targets {
		paths = append(paths, filepath.Join(target, "release", file), filepath.Join(target, "debug", file))
	}
	return paths
}

func compareModTime(one, other string) int {
	return modTime(one).Compare(modTime(other))
}

func modTime(path string) time.Time {
	info, err := os.Stat(path)
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
