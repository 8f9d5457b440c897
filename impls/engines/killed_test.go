package engines

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
)

const (
	kills   = 4               // of trials of each row; one under -short
	longest = 2 * time.Second // that a trial lives: servers start in the first second or two
	leaving = 20 * time.Second
)

// Nothing is left of a trial that is killed at any instant, not even while PostgreSQL makes its files as another user.
func TestNothingIsLeftOfAKilledTrial(t *testing.T) {
	// Not t.TempDir, which is closed to the user that runs PostgreSQL.
	dir, err := os.MkdirTemp("", "engines-killed-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", dir)
	kills := kills
	if testing.Short() {
		kills = 1
	}
	for _, r := range Distlock() {
		if r.Unavailable() != nil || r.Name == "etcd-3" || r.Name == "nats-direct" { // as other rows
			continue
		}
		for range kills {
			life := rand.N(longest)
			ctx, cancel := context.WithTimeout(t.Context(), life)
			_, err := harness.Run(ctx, executable(t), conformanceOf(r.Name, nil), time.Minute)
			cancel()
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Fatalf("%s: the trial was to be killed after %v: %v", r.Name, life, err)
			}
			nothingIn(t, dir, r.Name, life)
		}
	}
}

// nothingIn waits until no file is left in dir and no process works there.
func nothingIn(t *testing.T, dir, row string, life time.Duration) {
	t.Helper()
	for begin := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		files, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		processes := worksIn(dir)
		if len(files) == 0 && len(processes) == 0 {
			return
		}
		if time.Since(begin) > leaving {
			t.Fatalf("%s, killed after %v: %v and processes %v are left", row, life, files, processes)
		}
	}
}

// worksIn finds the processes that work below dir, on systems that tell.
func worksIn(dir string) []string {
	var found []string
	links, _ := filepath.Glob("/proc/[0-9]*/cwd") // the only error is of the pattern
	for _, link := range links {
		if at, err := os.Readlink(link); err == nil && strings.HasPrefix(at, dir+"/") {
			found = append(found, link)
		}
	}
	return found
}
