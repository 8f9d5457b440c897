package child_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/child"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/results"
)

// behaviours are trials that start no server.
var behaviours = map[string]func(*harness.Trial) error{
	"group":   func(*harness.Trial) error { return leaveBehind(&syscall.SysProcAttr{}) },
	"session": func(*harness.Trial) error { return leaveBehind(&syscall.SysProcAttr{Setsid: true}) },
	"daemon": func(*harness.Trial) error {
		return start(&syscall.SysProcAttr{}, "sh", "-c", "env -i setsid sleep "+os.Getenv(lasts)+" & exit 0")
	},
	"exit": func(*harness.Trial) error {
		os.Exit(3)
		return nil
	},
	"hang": func(*harness.Trial) error {
		if err := leaveBehind(&syscall.SysProcAttr{Setsid: true}); err != nil {
			return err
		}
		time.Sleep(time.Hour)
		return nil
	},
	"server":      stopServer,
	"environment": checkEnvironment,
	"descriptors": exhaustDescriptors,
	"thread": func(*harness.Trial) error {
		fmt.Fprintln(os.Stderr, "runtime: failed to create new OS thread (have 5 already; errno=11)")
		os.Exit(2)
		return nil
	},
}

// lasts is the environment variable with the seconds that a process left behind sleeps. It
// is a different number in every test, and finds the process.
const lasts = "CONTEND_TEST_LASTS"

// leaveBehind starts processes that keep the trial's standard error open.
func leaveBehind(attributes *syscall.SysProcAttr) error {
	for range 5 {
		if err := start(attributes, "sleep", os.Getenv(lasts)); err != nil {
			return err
		}
	}
	return nil
}

func start(attributes *syscall.SysProcAttr, name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Stderr, cmd.SysProcAttr = os.Stderr, attributes
	return cmd.Start()
}

// sleepers returns the processes that sleep for the given number of seconds.
func sleepers(seconds string) (found []string, err error) {
	out, err := exec.Command("ps", "-axo", "pid,stat,command").Output()
	if err != nil {
		return nil, fmt.Errorf("listing the processes: %w", err)
	}
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, "sleep "+seconds) {
			found = append(found, strings.TrimSpace(line))
		}
	}
	return found, nil
}

// noSleeper fails the test if a process was left behind.
func noSleeper(t *testing.T, behaviour, seconds string) {
	t.Helper()
	left, err := sleepers(seconds)
	if err != nil || len(left) > 0 {
		t.Errorf("%s: got %d processes left and error %v, want none\n%s",
			behaviour, len(left), err, strings.Join(left, "\n"))
	}
}

// stopServer stops a server that has started other processes. They end with it.
func stopServer(t *harness.Trial) error {
	host, err := t.Host()
	if err != nil {
		return err
	}
	server, err := host.Start(t.Context, impls.Program{Name: "server", Entry: "server", Args: "forks"})
	if err != nil {
		return err
	}
	before, err := sleepers(os.Getenv(lasts))
	if err != nil || len(before) != 5 {
		return fmt.Errorf("got %d processes of the server and error %v, want 5", len(before), err)
	}
	if err := server.Stop(); err != nil {
		return err
	}
	after, err := sleepers(os.Getenv(lasts))
	if err != nil || len(after) > 0 {
		return fmt.Errorf("got %d processes of a stopped server and error %v, want 0", len(after), err)
	}
	return nil
}

// All that a trial starts ends with it, also if it passes: what stays in its group, what
// leaves its session, and a daemon without its environment. What keeps standard error open
// does not make the parent wait.
func TestATrialLeavesNoProcess(t *testing.T) {
	self := executable(t)
	for i, c := range []struct {
		behaviour string
		limit     time.Duration
		want      results.Status
	}{
		{"group", time.Minute, results.Ok},
		{"session", time.Minute, results.Ok},
		{"daemon", time.Minute, results.Ok},
		{"server", time.Minute, results.Ok},
		{"hang", 3 * time.Second, results.Hung},
	} {
		if runtime.GOOS != "linux" && c.behaviour != "group" && c.behaviour != "server" {
			continue // what has left its group stays
		}
		seconds := fmt.Sprintf("1%d%d", i, os.Getpid())
		t.Setenv(lasts, seconds)
		out, err := child.Run(t.Context(), self, hostedSpec(c.behaviour), c.limit)
		if err != nil || out.Status != c.want {
			t.Errorf("%s: got %s and error %v, want %s\n%s", c.behaviour, out.Status, err, c.want, out.Text)
		}
		noSleeper(t, c.behaviour, seconds)
	}
}

// The same holds for a trial that is interrupted.
func TestAnInterruptedTrialLeavesNoProcess(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("macOS does not show the environment of processes, by which those that left their group are found")
	}
	seconds := fmt.Sprintf("19%d", os.Getpid())
	t.Setenv(lasts, seconds)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		defer cancel()
		for start := time.Now(); time.Since(start) < 20*time.Second; time.Sleep(10 * time.Millisecond) {
			if found, err := sleepers(seconds); err != nil || len(found) == 5 {
				return
			}
		}
	}()
	_, err := child.Run(ctx, executable(t), hostedSpec("hang"), time.Minute)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v, want context.Canceled", err)
	}
	noSleeper(t, "hang", seconds)
}

// A test runs its trials in its own process. What their servers have started ends with
// them, too.
func TestATrialOfATestLeavesNoProcess(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("macOS does not show the environment of processes, by which those that left their group are found")
	}
	seconds := fmt.Sprintf("18%d", os.Getpid())
	t.Setenv(lasts, seconds)
	if _, err := harness.Execute(t.Context(), hosted(), hostedSpec("strays")); err != nil {
		t.Errorf("got error %v, want none", err)
	}
	noSleeper(t, "strays", seconds)
}

func executable(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return self
}

// runtimeVariables change how the Go runtime works.
var runtimeVariables = map[string]string{
	"GOGC": "off", "GOMEMLIMIT": "1GiB", "GODEBUG": "madvdontneed=1", "GOMAXPROCS": "1", "GOTRACEBACK": "none",
}

func checkEnvironment(*harness.Trial) error {
	for name, value := range runtimeVariables {
		if got := os.Getenv(name); got == value {
			return fmt.Errorf("got %s=%s of the caller, want it removed", name, got)
		}
	}
	for _, variable := range os.Environ() {
		for _, task := range []string{"CONTEND_TRIAL=", "CONTEND_HELPER=", "CONTEND_REAPER="} {
			if strings.HasPrefix(variable, task) {
				return fmt.Errorf("got %s, want no task that a process of the trial would inherit", variable)
			}
		}
	}
	return nil
}

// A trial does not depend on the shell that contend was started from.
func TestATrialHasACleanEnvironment(t *testing.T) {
	for name, value := range runtimeVariables {
		t.Setenv(name, value)
	}
	out, err := child.Run(t.Context(), executable(t), hostedSpec("environment"), time.Minute)
	if err != nil || out.Status != results.Ok {
		t.Errorf("got %s and error %v, want ok\n%s", out.Status, err, out.Text)
	}
	if got := child.Cleared(); len(got) != len(runtimeVariables) {
		t.Errorf("got cleared %v, want the %d variables", got, len(runtimeVariables))
	}
}

func exhaustDescriptors(*harness.Trial) error {
	limit := syscall.Rlimit{Cur: 20, Max: 20}
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return err
	}
	for range 30 {
		if _, err := os.Open(os.DevNull); err != nil { // it stays open
			return fmt.Errorf("opening: %w", err)
		}
	}
	return errors.New("got no error of the 31st file")
}

// What the machine lacks is an error of the run, and no trial's failure.
func TestTheEnvironmentIsNamed(t *testing.T) {
	for behaviour, says := range map[string]string{
		"descriptors": "too many open files", "thread": "new OS thread", "use": "TMPDIR",
	} {
		if behaviour == "use" {
			t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "none"))
		}
		out, err := child.Run(t.Context(), executable(t), hostedSpec(behaviour), time.Minute)
		var lacking *impls.EnvironmentError
		if !errors.As(err, &lacking) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: got %s and error %v, want an EnvironmentError with %q", behaviour, out.Status, err, says)
		}
	}
	out, err := child.Run(t.Context(), executable(t), hostedSpec("exit"), time.Minute)
	if err != nil || out.Status != results.Crashed {
		t.Errorf("exit: got %s and error %v, want crashed", out.Status, err)
	}
}
