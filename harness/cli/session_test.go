package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// An interrupted reader is not waited for, and writes no further file.
func TestReadingEndsWithItsContext(t *testing.T) {
	a := app{writing: new(writing)}
	ctx, cancel := context.WithCancelCause(t.Context())
	waiting, end := make(chan struct{}), make(chan struct{})
	saved := make(chan struct{})
	go func() {
		<-waiting
		cancel(signalled{syscall.SIGTERM})
	}()
	err := a.reading(ctx, func() error {
		close(waiting)
		<-end
		return a.saving(func() error { close(saved); return nil })
	})
	if !errors.Is(err, signalled{syscall.SIGTERM}) {
		t.Errorf("got error %v, want the interruption", err)
	}
	close(end)
	select {
	case <-saved:
		t.Error("got a file written after the interruption, want none")
	default:
	}
	if a.writing.TryLock() {
		t.Error("got writing allowed after the interruption, want it refused")
	}
}

// The statuses of a signal are those that a shell shows.
func TestStatusOfASignal(t *testing.T) {
	for signal, want := range map[syscall.Signal]int{syscall.SIGINT: 130, syscall.SIGTERM: 143} {
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(signalled{signal})
		for _, args := range [][]string{
			{"compare", "nothing"},
			{"plot", "nothing"},
			{"report", "nothing"},
			{"advise", "mutex", "--run", "nothing"},
			{"stress", "--filter", "/impl:sync", "--for", "1h"},
			{"run", "--filter", "/work:counter /impl:sync", "--out", filepath.Join(t.TempDir(), "run")},
		} {
			t.Chdir(t.TempDir())
			var out strings.Builder
			if got := execute(ctx, suites(), args, &out, &out); got != want {
				t.Errorf("%v, %v: got status %d, want %d\n%s", args, signal, got, want, out.String())
			}
		}
	}
}

// A machine without a place for temporary files is named before anything is measured.
func TestNoPlaceForTemporaryFiles(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	t.Setenv("TMPDIR", file)
	for _, args := range [][]string{
		{"run", "--filter", "/work:counter /impl:sync", "--out", filepath.Join(dir, "run")},
		{"stress", "--filter", "/impl:sync", "--for", "1s", "--out", filepath.Join(dir, "stress")},
		{"duet", "HEAD", "--out", filepath.Join(dir, "duet")},
		{"profile", "--filter", "/impl:sync /work:counter /goroutines:8"},
		{"selftest"},
	} {
		status, out, errOut := contend(t, args...)
		if status != wrong || !strings.Contains(errOut, "the environment: no temporary files in "+file) {
			t.Errorf("%s: got status %d, want %d and the folder in\n%s%s", args[0], status, wrong, out, errOut)
		}
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) > 0 {
		t.Errorf("got %v and error %v, want nothing written", files, err)
	}
}

// What trials do not get of the environment is said.
func TestClearedVariablesAreNamed(t *testing.T) {
	t.Setenv("GOGC", "off")
	_, _, errOut := contend(t, "stress", "--filter", "/impl:sync /work:counter", "--for", "50ms",
		"--out", filepath.Join(t.TempDir(), "stress"))
	if want := "trials run without GOGC=off"; !strings.Contains(errOut, want) {
		t.Errorf("got %q, want %q in it", errOut, want)
	}
}

// An interrupted replay or profile says how far it was.
func TestInterruptionsAreSaid(t *testing.T) {
	sound := lying()
	sound.Cell.Impl = "sync"
	for want, args := range map[string][]string{
		"interrupted: did not fail in ": {"stress", "--replay", failureOf(t, sound)},
		"interrupted: 0 of 1 cells have all their profiles": {
			"profile", "--filter", "/impl:sync /work:counter /goroutines:8", "--kind", "cpu", "--for", "1h",
		},
	} {
		t.Chdir(t.TempDir())
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		var out strings.Builder
		status := execute(ctx, suites(), args, &out, &out)
		cancel()
		if status != failed || !strings.Contains(out.String(), want) {
			t.Errorf("got status %d, want %d and %q in\n%s", status, failed, want, out.String())
		}
	}
}
