package examples_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The test of a module whose lock has a server, and its TestMain.
const (
	servedTest = `package served_test

import (
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/workloads/distlock"
)

var mine = impls.New("mine", impls.Runtime, "this module", locks.NewLease(), locks.Expires, locks.Fenced)

func TestLock(t *testing.T) { harness.Test(t, distlock.Suite(mine)) }

func BenchmarkLock(b *testing.B) { harness.Bench(b, distlock.Suite(mine)) }
`
	servedMain = `package served_test

import (
	"os"
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/child"
	"github.com/contendbench/contend/workloads/distlock"
)

func TestMain(m *testing.M) {
	if child.Is() {
		os.Exit(child.Main([]harness.Suite{distlock.Suite(mine)}))
	}
	os.Exit(m.Run())
}
`
)

// served makes a module with the test of a lock that has a server.
func served(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	own, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	for name, from := range map[string]string{"go.mod": "mylock/go.mod", "go.sum": root + "/go.sum"} {
		text, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		text = bytes.ReplaceAll(text, []byte("=> ../../.."), []byte("=> "+own))
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(t, filepath.Join(dir, "served_test.go"), servedTest)
	return dir
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Implementations with processes need a TestMain. Without it, the test and the benchmark
// fail at once with the lines to add. No process is left in either case.
func TestAModuleWhoseLockHasAServer(t *testing.T) {
	t.Parallel()
	dir := served(t)
	mark := fmt.Sprintf("CONTEND_TEST_MARK=examples.%d", os.Getpid())
	test := mark + " go test -mod=mod -count=1 -timeout 3m -run Lock -contend.for 1s ."
	bench := mark + " go test -mod=mod -count=1 -timeout 3m -run '^$' -bench Lock/work=hot -benchtime 1x ."
	for _, line := range []string{test, bench} {
		out, status := run(t, dir, line)
		if status != 1 || !strings.Contains(out, "os.Exit(child.Main(suites))") {
			t.Errorf("without TestMain: got exit status %d, want 1 and the lines to add in\n%s", status, out)
		}
		noProcess(t, mark)
	}
	write(t, filepath.Join(dir, "main_test.go"), servedMain)
	for _, line := range []string{test, bench} {
		if out, status := run(t, dir, line); status != 0 {
			t.Errorf("with TestMain: got exit status %d, want 0\n%s", status, out)
		}
		noProcess(t, mark)
	}
}

// noProcess fails the test if a process with a variable in its environment still runs,
// where the system shows it.
func noProcess(t *testing.T, mark string) {
	t.Helper()
	files, _ := filepath.Glob("/proc/[0-9]*/environ") // the only error is of the pattern
	for _, file := range files {
		environment, err := os.ReadFile(file)
		if err == nil && bytes.Contains(environment, []byte(mark)) {
			line, _ := os.ReadFile(filepath.Join(filepath.Dir(file), "cmdline")) // it may have ended by now
			t.Errorf("got process %s left, want none: %q", filepath.Dir(file), line)
		}
	}
}
