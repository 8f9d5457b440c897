package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// signals is a flag, so that scripts/signals can send more.
var signals = flag.Int("signals", 20, "signals that TestSignals sends")

// latest is how long after its start a command may get a signal.
const latest = 4 * time.Second

// command is the command line of an executable of its own, with a folder for what it
// writes.
type command struct {
	bin, dir string
	mark     string // variable in the environment of all that it starts
}

// built builds the command.
func built(t *testing.T) command {
	t.Helper()
	c := command{bin: filepath.Join(t.TempDir(), "contend"), dir: t.TempDir()}
	c.mark = fmt.Sprintf("CONTEND_TEST_MARK=%d.%d", os.Getpid(), rand.Uint64())
	if out, err := exec.Command("go", "build", "-o", c.bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("building contend: %v\n%s", err, out)
	}
	if err := os.Mkdir(c.tmp(), 0o755); err != nil {
		t.Fatal(err)
	}
	return c
}

// tmp is the command's folder for temporary files.
func (c command) tmp() string { return filepath.Join(c.dir, "tmp") }

// start starts the command in the source tree, where it can be linked anew.
func (c command) start(t *testing.T, args ...string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	cmd, out := exec.Command(c.bin, args...), new(bytes.Buffer)
	cmd.Env = append(os.Environ(), c.mark, "TMPDIR="+c.tmp())
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, out
}

// status returns the exit status as a shell shows it.
func status(t *testing.T, cmd *exec.Cmd) int {
	t.Helper()
	var exit *exec.ExitError
	if err := cmd.Wait(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if s, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && s.Signaled() { // it came before main
		return 128 + int(s.Signal())
	}
	return cmd.ProcessState.ExitCode()
}

// marked returns the processes that the command has started and that still run, where the
// system shows it.
func (c command) marked() (found []string) {
	files, _ := filepath.Glob("/proc/[0-9]*/environ") // the only error is of the pattern
	for _, file := range files {
		environment, err := os.ReadFile(file)
		if err != nil || !bytes.Contains(environment, []byte(c.mark)) {
			continue
		}
		line, _ := os.ReadFile(filepath.Join(filepath.Dir(file), "cmdline")) // it may have ended by now
		found = append(found, file+": "+string(bytes.ReplaceAll(line, []byte{0}, []byte{' '})))
	}
	return found
}

// leavesNothing fails the test if the command has left a process or a temporary file.
func (c command) leavesNothing(t *testing.T, what string) {
	t.Helper()
	if left := c.marked(); len(left) > 0 {
		t.Errorf("%s: got %d processes left, want 0\n%s", what, len(left), strings.Join(left, "\n"))
	}
	files, err := os.ReadDir(c.tmp())
	if err != nil || len(files) > 0 {
		t.Errorf("%s: got files %v left and error %v, want none", what, files, err)
	}
	trees, err := exec.Command("git", "worktree", "list").CombinedOutput()
	if err != nil || bytes.Contains(trees, []byte(c.tmp())) {
		t.Errorf("%s: got work trees and error %v, want none in %s\n%s", what, err, c.tmp(), trees)
	}
}

// interrupt runs a command line, sends it a signal at a random instant, and returns its
// output.
func (c command) interrupt(t *testing.T, args ...string) {
	t.Helper()
	cmd, out := c.start(t, args...)
	signal := []syscall.Signal{syscall.SIGINT, syscall.SIGTERM}[rand.IntN(2)]
	after := rand.N(latest)
	time.Sleep(after)
	what := fmt.Sprintf("%s, %v after %v", strings.Join(args, " "), signal, after)
	if err := cmd.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Fatalf("%s: %v", what, err)
	}
	if got, want := status(t, cmd), 128+int(signal); got != want && got != 0 {
		t.Errorf("%s: got exit status %d, want %d, or 0 if it was done\n%s", what, got, want, out)
	}
	c.leavesNothing(t, what)
}

const (
	cells = "/work:counter /impl:(sync OR mcs) /goroutines:2"
	// rounds is more than a command makes before its signal. Each links anew.
	rounds = "12"
)

// A command that gets a signal at any instant ends with the signal's status. It leaves no
// process, no temporary file and no work tree, and it loses no trial.
func TestSignals(t *testing.T) {
	n := *signals
	if testing.Short() {
		n = min(n, 4)
	}
	c := built(t)
	duets := 0
	for i := range n {
		switch i % 4 {
		case 0:
			c.interrupt(t, "stress", "mutex", "--filter", "/impl:(sync OR mcs)", "--for", "3s",
				"--out", filepath.Join(c.dir, "stress"))
		case 1:
			duets++
			c.interrupt(t, "duet", "HEAD", "--pattern", "mutex", "--filter", cells, "--rounds", rounds,
				"--out", filepath.Join(c.dir, fmt.Sprint("duet", duets)))
		default:
			c.continueRun(t)
		}
	}
	c.finishRun(t)
}

// run is the folder of the run that is interrupted again and again.
func (c command) run() string { return filepath.Join(c.dir, "run") }

// trials returns the trials of the run's journal, by cell and round.
func (c command) trials(t *testing.T) map[string]int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(c.run(), "trials.jsonl"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	count := map[string]int{}
	for line := range strings.Lines(string(text)) {
		var trial struct {
			Impl   string
			Round  int
			Status string
		}
		if err := json.Unmarshal([]byte(line), &trial); err != nil || trial.Status != "ok" {
			t.Errorf("got trial %q and error %v, want one that is ok", line, err)
		}
		count[fmt.Sprintf("%s in round %d", trial.Impl, trial.Round)]++
	}
	return count
}

// resuming returns the command line that starts the run or continues it.
func (c command) resuming() []string {
	if _, err := os.Stat(filepath.Join(c.run(), "run.json")); err == nil {
		return []string{"run", "--resume", c.run()}
	}
	os.RemoveAll(c.run())
	return []string{"run", "mutex", "--filter", cells, "--rounds", rounds, "--out", c.run()}
}

// continueRun interrupts the run, which keeps its trials.
func (c command) continueRun(t *testing.T) {
	t.Helper()
	before := c.trials(t)
	c.interrupt(t, c.resuming()...)
	after := c.trials(t)
	for trial := range before {
		if after[trial] != 1 {
			t.Errorf("got %d trials of %s after another signal, want 1", after[trial], trial)
		}
	}
}

// finishRun lets the run end. It has every trial once.
func (c command) finishRun(t *testing.T) {
	t.Helper()
	cmd, out := c.start(t, c.resuming()...)
	if got := status(t, cmd); got != 0 {
		t.Fatalf("resuming the run: got exit status %d, want 0\n%s", got, out)
	}
	c.leavesNothing(t, "the run that ended")
	all := c.trials(t)
	for trial, times := range all {
		if times != 1 {
			t.Errorf("got %s %d times, want once", trial, times)
		}
	}
	if len(all) == 0 || len(all)%12 != 0 {
		t.Errorf("got %d trials, want 12 rounds of every cell", len(all))
	}
}

// A second signal ends a command at once. Nothing is left behind even then, nor by one that
// is killed.
func TestASecondSignalLeavesNothing(t *testing.T) {
	c := built(t)
	for name, send := range map[string][]syscall.Signal{
		"twice": {syscall.SIGINT, syscall.SIGINT}, "kill": {syscall.SIGKILL},
	} {
		cmd, out := c.start(t, "run", "mutex", "--filter", cells, "--rounds", "1000", "--out", filepath.Join(c.dir, name))
		eventually(t, "the run has trials", func() bool {
			text, err := os.ReadFile(filepath.Join(c.dir, name, "trials.jsonl"))
			return err == nil && len(text) > 0
		})
		for _, s := range send {
			if err := cmd.Process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
				t.Fatal(err)
			}
		}
		if got, want := status(t, cmd), 128+int(send[0]); got != want {
			t.Errorf("%s: got exit status %d, want %d\n%s", name, got, want, out)
		}
		eventually(t, name+": no process and no file is left", func() bool {
			files, err := os.ReadDir(c.tmp())
			return err == nil && len(files) == 0 && len(c.marked()) == 0
		})
	}
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for start := time.Now(); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Since(start) > 30*time.Second {
			t.Fatalf("got no sign that %s, want it within 30 s", what)
		}
	}
}

// A command that reads does not finish its work after a signal.
func TestReadingEndsWithASignal(t *testing.T) {
	c := built(t)
	file, again := filepath.Join(c.dir, "bench.txt"), filepath.Join(c.dir, "again.txt")
	var text bytes.Buffer
	for i := range 400_000 {
		fmt.Fprintf(&text, "BenchmarkMutex/work=counter/impl=i%d/goroutines=%d-2 100 %d ns/op\n", i%7, i%1000, i)
	}
	for _, name := range []string{file, again} {
		if err := os.WriteFile(name, text.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{
		{"compare", file}, {"compare", file, again}, {"report", file}, {"plot", file}, {"advise", "mutex", "--run", file},
	} {
		for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
			cmd, out := c.start(t, args...)
			time.Sleep(150 * time.Millisecond)
			if err := cmd.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			if got, want := status(t, cmd), 128+int(signal); got != want {
				t.Errorf("%s, %v: got exit status %d, want %d\n%s", args[0], signal, got, want, out)
			}
		}
	}
	files, err := os.ReadDir(c.dir)
	if err != nil || len(files) != 3 {
		t.Errorf("got files %v and error %v, want only the inputs and the folder for temporary files", files, err)
	}
}

// A variable by which contend tells its processes their task, set by accident, is named.
func TestATaskThatContendDidNotGive(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"CONTEND_TRIAL", "CONTEND_HELPER", "CONTEND_REAPER"} {
		for _, value := range []string{"1", "yes"} {
			cmd := exec.Command(self, "list")
			cmd.Env = append(os.Environ(), name+"="+value)
			out, err := cmd.CombinedOutput()
			if got := cmd.ProcessState.ExitCode(); got != 2 || !strings.Contains(string(out), name+"="+value) {
				t.Errorf("%s=%s: got exit status %d, error %v and %q, want 2 and the variable",
					name, value, got, err, out)
			}
		}
	}
}
