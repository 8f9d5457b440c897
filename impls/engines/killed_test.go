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

	"github.com/contendbench/contend/harness/child"
)

const (
	kills     = 4                // of trials of each lock; one under -short
	maxLife   = 2 * time.Second  // of a trial: servers start in the first second or two
	maxLinger = 20 * time.Second // of what a killed trial has started
)

// Nothing is left of a trial that is killed at any instant, not even while PostgreSQL
// makes its files as another user.
func TestNothingIsLeftOfAKilledTrial(t *testing.T) {
	// Not t.TempDir: the user that runs PostgreSQL cannot read it.
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
		if r.Unavailable() != nil || r.Name == "etcd-3" || r.Name == "nats-direct" {
			continue // others test the same servers
		}
		for range kills {
			life := rand.N(maxLife)
			ctx, cancel := context.WithTimeout(t.Context(), life)
			_, err := child.Run(ctx, executable(t), conformanceOf(r.Name, nil), time.Minute)
			cancel()
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Fatalf("%s, killed after %v: got %v, want %v", r.Name, life, err, context.DeadlineExceeded)
			}
			nothingIn(t, dir, r.Name, life)
		}
	}
}

// nothingIn waits until no file is left in dir and no process works there.
func nothingIn(t *testing.T, dir, impl string, life time.Duration) {
	t.Helper()
	for start := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		files, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		processes := worksIn(dir)
		if len(files) == 0 && len(processes) == 0 {
			return
		}
		if time.Since(start) > maxLinger {
			t.Fatalf("%s, killed after %v: got files %v and processes %v, want none left", impl, life, files, processes)
		}
	}
}

// worksIn finds the processes that work below dir, where the system shows it.
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
