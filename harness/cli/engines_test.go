package cli

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/results"
)

const (
	heavyBinary = "contend-heavy" // what this test's executable is called when it links the heavy row
	otherBinary = "contend-other" // and when it is of another revision
)

// asBinary is this test's executable as a binary beside contend.
func asBinary() (status int, ok bool) {
	switch filepath.Base(os.Args[0]) {
	case heavyBinary:
		return Main(heavy(1)), true
	case otherBinary:
		return Main(heavy(2)), true
	}
	return 0, false
}

var size = harness.Param[int]{Key: "size", Default: 1}

// heavy is a row that a binary links; fallback is the default of its parameter.
func heavy(fallback int) harness.Pattern {
	return toys(fallback, impls.Impl[func() int]{
		Name: "heavy", Kind: impls.Library, Source: "a test", Server: "toydb", New: func() int { return 1 },
		Missing: func() error {
			if os.Getenv("CONTEND_TEST_MISSING") != "" {
				return errors.New("needs toydb-server")
			}
			return nil
		},
	})
}

// light is the table of a contend that knows the heavy row and does not link it.
func light() harness.Pattern {
	return toys(1, impls.Impl[func() int]{
		Name: "heavy", Kind: impls.Library, Source: "a test", Server: "toydb", Binary: heavyBinary,
		Missing: func() error { return errors.New("needs " + heavyBinary) },
	})
}

func toys(fallback int, i impls.Impl[func() int]) harness.Pattern {
	size.Default = fallback
	grid := []harness.Grid{harness.Over()}
	return harness.NewPattern(harness.About{Pattern: "toy", Contract: "toy", Baseline: i.Name}, []impls.Impl[func() int]{i},
		harness.Workload[func() int]{
			Name: "work", Op: "turn", Params: []harness.AnyParam{size}, Quick: grid, Stress: grid,
			Run: func(t *harness.Trial, subject func() int) error {
				host, err := t.Host()
				if err != nil {
					return err
				}
				if at := host.Endpoint("toydb"); at != os.Getenv("CONTEND_TEST_ENDPOINT") {
					return errors.New("the endpoint is " + at)
				}
				return t.Window(func(w *harness.Window) error {
					w.Go("worker", 1, func(w *harness.Worker) {
						for w.Next() {
							subject()
						}
					})
					return nil
				})
			},
		})
}

// toy runs the command over the light table.
func toy(t *testing.T, args ...string) (status int, out string) {
	t.Helper()
	t.Chdir(t.TempDir())
	var o bytes.Buffer
	status = execute(context.Background(), harness.Rows(light()), args, &o, &o)
	return status, o.String()
}

// links makes this test's executable a binary called name in dir.
func links(t *testing.T, dir, name string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, name)
	if err := os.Symlink(self, path); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Remove(path) })
	return path
}

func TestWithoutTheBinaryItsRowsAreSkipped(t *testing.T) {
	for _, c := range []struct {
		args   []string
		status int
	}{{[]string{"list"}, fine}, {[]string{"stress"}, fine}, {[]string{"run"}, wrong}} {
		if status, out := toy(t, c.args...); status != c.status || !strings.Contains(out, "needs "+heavyBinary) {
			t.Errorf("%v: status %d\n%s", c.args, status, out)
		}
	}
}

func TestTheBinaryRunsItsRows(t *testing.T) {
	path := links(t, t.TempDir(), heavyBinary)
	for _, args := range [][]string{
		{"list"}, {"stress", "--for", "100ms"}, {"run", "--rounds", "2", "--out", "run"}, {"profile", "--kind", "cpu", "--for", "100ms"},
	} {
		status, out := toy(t, append(args, "--engines", path)...)
		if status != fine || strings.Contains(out, "skipped") {
			t.Errorf("%v: status %d\n%s", args, status, out)
		}
		if args[0] != "run" {
			continue
		}
		run, err := results.Open("run")
		if err != nil || len(run.Trials) != 4 || run.Trials[0].Status != results.Ok {
			t.Errorf("%v, trials %+v", err, run.Trials)
		}
	}
}

// What the binary lacks on this machine, the rows say, unless the user gives a server of his own.
func TestTheBinaryLacksAServer(t *testing.T) {
	path := links(t, t.TempDir(), heavyBinary)
	t.Setenv("CONTEND_TEST_MISSING", "1")
	if status, out := toy(t, "stress", "--engines", path); status != fine || !strings.Contains(out, "needs toydb-server") {
		t.Errorf("status %d\n%s", status, out)
	}
	t.Setenv("CONTEND_TEST_ENDPOINT", "a:1,b:2")
	status, out := toy(t, "stress", "--for", "100ms", "--engines", path, "--endpoints", "toydb=a:1,b:2")
	if status != fine || !strings.Contains(out, "ok ") {
		t.Errorf("status %d\n%s", status, out)
	}
}

func TestABinaryOfAnotherRevisionIsRefused(t *testing.T) {
	if status, out := toy(t, "run", "--engines", links(t, t.TempDir(), otherBinary)); status != wrong || !strings.Contains(out, "another revision") {
		t.Errorf("status %d\n%s", status, out)
	}
	if status, out := toy(t, "list", "--engines", "/nowhere"); status != wrong || !strings.Contains(out, "/nowhere") {
		t.Errorf("status %d\n%s", status, out)
	}
	// Where nobody named it, it costs its rows and nothing else.
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	broken := filepath.Join(filepath.Dir(self), heavyBinary)
	if err := os.WriteFile(broken, []byte("#!/bin/sh\nexit 3\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	defer os.Remove(broken)
	if status, out := toy(t, "stress"); status != fine || !strings.Contains(out, "asking "+broken) {
		t.Errorf("status %d\n%s", status, out)
	}
}

func TestEndpoints(t *testing.T) {
	names := []string{"etcd", "postgres"}
	for _, c := range []struct {
		given []string
		want  map[string]string
		says  string
	}{
		{nil, map[string]string{}, ""},
		{[]string{"etcd=a:1"}, map[string]string{"etcd": "a:1"}, ""},
		{[]string{"etcd=a:1,b:2,postgres=c:3"}, map[string]string{"etcd": "a:1,b:2", "postgres": "c:3"}, ""},
		{[]string{"etcd=a:1", "etcd=b:2"}, map[string]string{"etcd": "a:1,b:2"}, ""},
		{[]string{"postgres=postgres://u@h/d?sslmode=disable"}, map[string]string{"postgres": "postgres://u@h/d?sslmode=disable"}, ""},
		{[]string{"ectd=a:1"}, nil, `did you mean "etcd"`},
		{[]string{"a:1"}, nil, "want name=address"},
		{[]string{"etcd="}, nil, "want name=address"},
	} {
		got, err := endpoints(c.given, names)
		if c.says == "" && (err != nil || !maps.Equal(got, c.want)) || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%q: %v, %v", c.given, got, err)
		}
	}
}
