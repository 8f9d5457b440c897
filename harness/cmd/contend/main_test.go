package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"testing"

	"github.com/contendbench/contend/harness/cli"
	"github.com/contendbench/contend/workloads"
)

// heaviest is what all packages that contend links may take to initialise, in ms: every trial is a fresh process
// and pays it.
const heaviest = 5.0

// At main, one goroutine runs: a library that starts one, or takes long to initialise, would disturb every
// measurement.
func TestTheCommandIsLight(t *testing.T) {
	if n := startGoroutines; n != 1 {
		t.Errorf("%d goroutines were running before main, want 1", n)
	}
	bin := filepath.Join(t.TempDir(), "contend")
	if out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	least := heaviest + 1
	for range 5 { // the least of five: the machine may be busy
		cmd := exec.Command(bin, "--version")
		cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		least = min(least, initTime(t, out))
	}
	if least > heaviest {
		t.Errorf("the packages take %.1f ms to initialise, want at most %.0f", least, heaviest)
	}
}

var startGoroutines = runtime.NumGoroutine()

var initLine = regexp.MustCompile(`(?m)^init \S+ @\S+ ms, (\S+) ms clock`)

func initTime(t *testing.T, trace []byte) (sum float64) {
	lines := initLine.FindAllSubmatch(trace, -1)
	if len(lines) < 5 {
		t.Fatalf("no init trace in\n%s", trace)
	}
	for _, m := range lines {
		ms, err := strconv.ParseFloat(string(m[1]), 64)
		if err != nil {
			t.Fatal(err)
		}
		sum += ms
	}
	return sum
}

// TestMain lets this test's own executable be the command and its trials.
func TestMain(m *testing.M) {
	if os.Getenv("CONTEND_TEST_COMMAND") != "" || os.Getenv("CONTEND_TRIAL") != "" {
		os.Exit(cli.Main(workloads.All()...))
	}
	os.Exit(m.Run())
}

// The servers that other rows stand on are a thousand packages: contend-engines links them, and contend does not.
func TestTheCommandLinksNoEngine(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	if engine := regexp.MustCompile(`(?m)^(go\.etcd\.io|github\.com/(nats-io|redis|go-redsync|jackc))/.*$`).Find(out); engine != nil {
		t.Errorf("contend links %s", engine)
	}
}
