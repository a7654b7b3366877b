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

const name = "access-groups-mock"

// FindBinary returns the path of the program: what the environment variable AGM_BIN names, else the one on PATH, else
// the latest build, release or debug, of the checkout that holds this package. Its error names all these places.
func FindBinary() (string, error) {
	if named := os.Getenv("AGM_BIN"); named != "" {
		if !isFile(named) {
			return "", fmt.Errorf("AGM_BIN names `%s`, which is not a file", named)
		}
		return named, nil
	}
	if onPath, err := exec.LookPath(name); err == nil {
		return onPath, nil
	}

	built := builds(targetFolders())
	there := slices.DeleteFunc(slices.Clone(built), func(build string) bool { return !isFile(build) })
	if len(there) > 0 {
		// An old release build must not stand in the way of what was built a minute ago.
		return slices.MaxFunc(there, byAge), nil
	}

	lookedAt := append([]string{"the environment variable AGM_BIN: not set", "PATH: " + os.Getenv("PATH")}, built...)
	if len(built) == 0 {
		lookedAt = append(lookedAt, "cargo's target folder: this package is in no checkout")
	}
	return "", fmt.Errorf(
		"%s was not found. Build it with `cargo build` in its checkout, or name it in AGM_BIN.\nLooked at:\n    %s",
		name, strings.Join(lookedAt, "\n    "))
}

// targetFolders returns cargo's target folders of the checkout that holds this file; none when it is in no checkout.
var targetFolders = func() []string {
	_, file, _, _ := runtime.Caller(0)
	checkout := filepath.Join(filepath.Dir(file), "..", "..")
	if !isFile(filepath.Join(checkout, "Cargo.toml")) {
		return nil
	}
	folders := []string{filepath.Join(checkout, "target")}
	if named := os.Getenv("CARGO_TARGET_DIR"); named != "" {
		folders = append(folders, named)
	}
	return folders
}

func builds(targets []string) []string {
	file := name
	if runtime.GOOS == "windows" {
		file += ".exe"
	}
	var paths []string
	for _, target := range targets {
		paths = append(paths, filepath.Join(target, "release", file), filepath.Join(target, "debug", file))
	}
	return paths
}

func byAge(one, other string) int {
	return modified(one).Compare(modified(other))
}

func modified(path string) time.Time {
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
