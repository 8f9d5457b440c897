package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"testing"

	"github.com/contendbench/contend/harness/child"
	"github.com/contendbench/contend/harness/cli"
	"github.com/contendbench/contend/workloads"
)

// maxInit is how many bytes all packages linked by contend may allocate to initialise. Every
// trial is a fresh process and pays for it, in time too.
const maxInit = 2 << 20

// At the start of main, only one goroutine runs. A library that starts another, or takes
// much to initialise, would disturb every measurement.
func TestTheCommandIsLight(t *testing.T) {
	if n := startGoroutines; n != 1 {
		t.Errorf("got %d goroutines before main, want 1", n)
	}
	bin := filepath.Join(t.TempDir(), "contend")
	if out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("building contend: %v\n%s", err, out)
	}
	cmd := exec.Command(bin, "--version")
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("running contend --version: %v\n%s", err, out)
	}
	if n := initBytes(t, out); n > maxInit {
		t.Errorf("got %d bytes to initialise the packages, want at most %d", n, maxInit)
	}
}

var startGoroutines = runtime.NumGoroutine()

var initLine = regexp.MustCompile(`(?m)^init \S+ @\S+ ms, \S+ ms clock, (\d+) bytes`)

// initBytes returns the sum of the bytes in an init trace.
func initBytes(t *testing.T, trace []byte) (sum int) {
	lines := initLine.FindAllSubmatch(trace, -1)
	if len(lines) < 5 {
		t.Fatalf("got %d lines of an init trace, want at least 5 in\n%s", len(lines), trace)
	}
	for _, m := range lines {
		n, err := strconv.Atoi(string(m[1]))
		if err != nil {
			t.Fatalf("parsing the init trace: %v", err)
		}
		sum += n
	}
	return sum
}

// TestMain lets this test's executable serve as the command and run its trials.
func TestMain(m *testing.M) {
	if os.Getenv("CONTEND_TEST_COMMAND") != "" || child.Is() {
		os.Exit(cli.Main(workloads.All()...))
	}
	os.Exit(m.Run())
}

// Clients and servers of etcd, NATS, Redis and PostgreSQL are a thousand packages. Only
// contend-engines links them.
func TestTheCommandLinksNoEngine(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatalf("listing the packages: %v", err)
	}
	engines := regexp.MustCompile(`(?m)^(go\.etcd\.io/(etcd|raft)|modernc\.org/sqlite|github\.com/(nats-io|redis|go-redsync|jackc))(/.*)?$`)
	if engine := engines.Find(out); engine != nil {
		t.Errorf("got contend linked with %s, want no engine", engine)
	}
}
