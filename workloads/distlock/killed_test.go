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
	"github.com/contendbench/contend/harness/child"
	"github.com/contendbench/contend/results"
)

// Trials with servers, a resource and a paused victim are killed at random instants.
// Nothing is left of them: no folder and no process, and so no port either.
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
	loads := []string{"pause", "restart", "hot"}
	for i := range runs {
		cell := results.Cell{Contract: "distlock", Work: loads[i%len(loads)], Impl: "lease-wal", Procs: 2}
		spec := harness.DefaultSpec(cell)
		spec.Seed, spec.Stress, spec.NoProbe = rand.Uint64(), time.Minute, true
		ctx, cancel := context.WithTimeout(t.Context(), rand.N(400*time.Millisecond))
		if _, err := child.Run(ctx, self, spec, time.Minute); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("killing a trial: got %v, want %v", err, context.DeadlineExceeded)
		}
		cancel()
	}
	for start := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		folders, err := filepath.Glob(filepath.Join(os.Getenv("TMPDIR"), "contend-trial-*"))
		if err != nil {
			t.Fatal(err)
		}
		left := processes(t, mark)
		if len(folders) == 0 && len(left) == 0 {
			return
		}
		if time.Since(start) > 20*time.Second {
			t.Fatalf("got folders %v and processes %v, want none left", folders, left)
		}
	}
}

// processes finds the other processes that have a setting in their environment, where the
// system shows it.
func processes(t *testing.T, setting string) (found []string) {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		env, err := os.ReadFile(f) // it may have ended, or belong to another user
		if err != nil || !bytes.Contains(env, append([]byte(setting), 0)) {
			continue
		}
		pid := filepath.Base(filepath.Dir(f))
		cmd, err := os.ReadFile(filepath.Join("/proc", pid, "cmdline"))
		if err == nil && len(cmd) > 0 { // an empty one has ended, and its parent has not waited for it yet
			found = append(found, pid+" "+strings.ReplaceAll(string(cmd), "\x00", " "))
		}
	}
	return found
}
