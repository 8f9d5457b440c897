package examples_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// lockTest is a module's test of a lock.
const lockTest = `package lock_test

import (
	"sync"
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/workloads/mutex"
)

type open struct{}

func (open) Lock()   {}
func (open) Unlock() {}

// accepts is a lock that accepts a wrong Unlock.
type accepts struct{ sync.Mutex }

func (l *accepts) Unlock() {
	l.TryLock()
	l.Mutex.Unlock()
}

// crashes is a lock whose Unlock ends the process.
type crashes struct{ sync.Mutex }

func (l *crashes) Unlock() { go panic("it crashed") }

func TestOpen(t *testing.T) {
	harness.Test(t, mutex.Suite(impls.New("open", impls.Spin, "here", func() sync.Locker { return LOCK }, PROMISE)))
}
`

// userModule makes a module with the test, which uses this working tree.
func userModule(t *testing.T, lock, promise string) string {
	t.Helper()
	dir := t.TempDir()
	mod, err := os.ReadFile("mylock/go.mod")
	if err != nil {
		t.Fatal(err)
	}
	sum, err := os.ReadFile("mylock/go.sum")
	if err != nil {
		t.Fatal(err)
	}
	absolute, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"go.mod":       regexp.MustCompile(`=> \S+`).ReplaceAllString(string(mod), "=> "+absolute),
		"go.sum":       string(sum),
		"lock_test.go": strings.NewReplacer("LOCK", lock, "PROMISE", promise).Replace(lockTest),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// A failing test prints how to see it again, and that shows it again.
func TestAFailureOfTestIsRepeated(t *testing.T) {
	t.Parallel()
	dir := userModule(t, "new(accepts)", "impls.PanicsOnMisuse")
	out, status := run(t, dir, "go test .")
	line := regexp.MustCompile(`To see it again: (CONTEND_REPLAY='\d+@\S+' go test -run '\^TestOpen\$')`)
	again := line.FindStringSubmatch(out)
	if status == 0 || again == nil {
		t.Fatalf("got exit status %d, want a failure with a line to see it again in\n%s", status, out)
	}
	if out, status = run(t, dir, again[1]+" ."); status == 0 || !strings.Contains(out, "got a failure, want none") {
		t.Errorf("%s: got exit status %d, want the failure again in\n%s", again[1], status, out)
	}
	for command, want := range map[string]string{
		"CONTEND_REPLAY=nonsense go test .":                            "want a seed, an @ and the name of a point",
		"CONTEND_REPLAY='1@Mutex/work=counter/impl=oppen-2' go test .": "no such workload or implementation",
		"go test -contend.for -3s .":                                   "-contend.for -3s: want a time",
	} {
		if out, status = run(t, dir, command); status == 0 || !strings.Contains(out, want) {
			t.Errorf("%s: got exit status %d, want %q in\n%s", command, status, want, out)
		}
	}
}

// A crash says how to see it again, too: the labels of its goroutine do.
func TestACrashOfTestIsRepeated(t *testing.T) {
	t.Parallel()
	dir := userModule(t, "new(crashes)", "impls.StarvationFree")
	out, status := run(t, dir, "go test .")
	point := regexp.MustCompile(`"CONTEND_REPLAY": "(\d+@Mutex/work=\S+)"`).FindStringSubmatch(out)
	if status == 0 || point == nil {
		t.Fatalf("got exit status %d, want a crash with a label to see it again in\n%s", status, out)
	}
	again := "CONTEND_REPLAY='" + point[1] + "' go test ."
	if out, status = run(t, dir, again); status == 0 || !strings.Contains(out, "it crashed") {
		t.Errorf("got exit status %d, want the crash again in\n%s", status, out)
	}
}

// A promise that no workload checks is said in a line.
func TestAPromiseOfAnotherContract(t *testing.T) {
	t.Parallel()
	out, status := run(t, userModule(t, "new(sync.Mutex)", "impls.Bounded"), "go test -v -contend.for 1s .")
	const want = "not tested: promise bounded"
	if status != 0 || !strings.Contains(out, want) {
		t.Errorf("got exit status %d, want %q in\n%s", status, want, out)
	}
}

// What a lock does not have is said in a line, and not by a panic.
func TestAPromiseWithoutItsMethod(t *testing.T) {
	t.Parallel()
	out, status := run(t, userModule(t, "open{}", "impls.Try"), "go test .")
	const want = `implementation "open" promises try, and has no method TryLock() bool`
	if status == 0 || !strings.Contains(out, want) {
		t.Errorf("got exit status %d, want %q in\n%s", status, want, out)
	}
}

// Without TestMain, processes of a trial would run the tests again. The load that needs
// them is skipped with the lines to add.
func TestATestWithoutTestMain(t *testing.T) {
	t.Parallel()
	dir := userModule(t, "new(sync.Mutex)", "impls.FatalOnMisuse")
	out, status := run(t, dir, "go test -v -contend.for 3s .")
	if status != 0 || !strings.Contains(out, "skipped workload fatal-misuse") || !strings.Contains(out, "func TestMain") {
		t.Errorf("got exit status %d, want a skipped workload with the lines to add in\n%s", status, out)
	}
}
