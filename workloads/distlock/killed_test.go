package distlock_test

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/results"
)

// Trials with servers, a resource and a victim that stands still are killed at random instants. Nothing is left of them: no folder and no
// process, so no port either.
func TestNothingIsLeftOfKilledTrials(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", t.TempDir())
	mark := "TMPDIR=" + os.Getenv("TMPDIR")
	runs := 50
	if testing.Short() {
		runs = 5
	}
	works := []string{"pause", "restart", "hot"}
	for i := range runs {
		spec := harness.DefaultSpec(results.Cell{Contract: "distlock", Work: works[i%len(works)], Impl: "lease-wal", Procs: 2})
		spec.Seed, spec.Stress, spec.NoProbe = rand.Uint64(), time.Minute, true
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(rand.Int64N(int64(400*time.Millisecond))))
		if _, err := harness.Run(ctx, self, spec, time.Minute); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		cancel()
	}
	for begin := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		folders, err := filepath.Glob(filepath.Join(os.Getenv("TMPDIR"), "contend-trial-*"))
		if err != nil {
			t.Fatal(err)
		}
		left := processes(t, mark)
		if len(folders) == 0 && len(left) == 0 {
			return
		}
		if time.Since(begin) > 20*time.Second {
			t.Fatalf("folders %v and processes %v are left", folders, left)
		}
	}
}

// processes are those other than this one that have a setting in their environment, where the system shows it.
func processes(t *testing.T, setting string) (found []string) {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		env, err := os.ReadFile(f) // it may have ended, or be somebody else's
		if err != nil || !bytes.Contains(env, append([]byte(setting), 0)) {
			continue
		}
		pid := filepath.Base(filepath.Dir(f))
		cmd, err := os.ReadFile(filepath.Join("/proc", pid, "cmdline"))
		if err == nil && len(cmd) > 0 { // an empty one has ended, and its parent has not looked yet
			found = append(found, pid+" "+strings.ReplaceAll(string(cmd), "\x00", " "))
		}
	}
	return found
}
