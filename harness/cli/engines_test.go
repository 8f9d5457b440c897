package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
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
	heavyBinary = "contend-heavy" // this test's executable when it links the heavy implementation
	otherBinary = "contend-other" // and when it was built from another revision
)

// asBinary runs this test's executable as another binary than contend.
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

// heavy returns the suite that a binary links. fallback is the default of its parameter.
func heavy(fallback int) harness.Suite {
	i := impls.New("heavy", impls.Library, "a test", func() int { return 1 })
	i.Requires = impls.Requires{Server: "toydb", Missing: func() error {
		if os.Getenv("CONTEND_TEST_MISSING") != "" {
			return errors.New("needs toydb-server")
		}
		return nil
	}, Reach: func(_ context.Context, addresses string) error {
		if strings.HasPrefix(addresses, "foreign") {
			return errors.New("no toydb answers at " + addresses)
		}
		return nil
	}}
	return toys(fallback, i)
}

// light returns the suite of a contend that declares the heavy implementation but does
// not link it.
func light() harness.Suite {
	i := impls.New[func() int]("heavy", impls.Library, "a test", nil)
	i.Requires = impls.Requires{
		Server: "toydb", Binary: heavyBinary, Missing: func() error { return errors.New("needs " + heavyBinary) },
	}
	return toys(1, i)
}

func toys(fallback int, i impls.Impl[func() int]) harness.Suite {
	size.Default = fallback
	return harness.NewSuite(
		harness.About{Pattern: "toy", Contract: "toy", Baseline: i.Name},
		harness.Under([]impls.Impl[func() int]{i}, harness.Workload[func() int]{
			Load: harness.Load{
				Name: "work", Turn: "turn", Params: []harness.AnyParam{size},
				Points: harness.Points{Quick: []harness.Grid{harness.Over()}},
			},
			Run: runToy,
		}),
	)
}

func runToy(t *harness.Trial, subject func() int) error {
	host, err := t.Host()
	if err != nil {
		return err
	}
	if got, want := host.Endpoint("toydb"), os.Getenv("CONTEND_TEST_ENDPOINT"); got != want {
		return fmt.Errorf("got endpoint %q, want %q", got, want)
	}
	return t.Window(func(w *harness.Window) error {
		w.Go("worker", 1, func(w *harness.Worker) {
			for w.Next() {
				subject()
			}
		})
		return nil
	})
}

// toy runs the command with the light suite.
func toy(t *testing.T, args ...string) (status int, out string) {
	t.Helper()
	t.Chdir(t.TempDir())
	var o bytes.Buffer
	status = execute(context.Background(), []harness.Suite{light()}, args, &o, &o)
	return status, o.String()
}

// links makes this test's executable a binary in dir called name.
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

func TestWithoutTheBinaryItsImplementationsAreSkipped(t *testing.T) {
	for _, c := range []struct {
		args   []string
		status int
	}{{[]string{"list"}, fine}, {[]string{"stress"}, fine}, {[]string{"run"}, wrong}} {
		if status, out := toy(t, c.args...); status != c.status || !strings.Contains(out, "needs "+heavyBinary) {
			t.Errorf("%v: got status %d, want %d and the reason in\n%s", c.args, status, c.status, out)
		}
	}
}

func TestTheBinaryRunsItsImplementations(t *testing.T) {
	path := links(t, t.TempDir(), heavyBinary)
	for _, args := range [][]string{
		{"list"},
		{"stress", "--for", "100ms"},
		{"run", "--rounds", "2", "--out", "run"},
		{"profile", "--kind", "cpu", "--for", "100ms"},
	} {
		status, out := toy(t, append(args, "--engines", path)...)
		if status != fine || strings.Contains(out, "skipped") {
			t.Errorf("%v: got status %d, want 0 and nothing skipped in\n%s", args, status, out)
		}
		if args[0] != "run" {
			continue
		}
		run, err := results.Open("run")
		if err != nil || len(run.Trials) != 4 || run.Trials[0].Status != results.Ok {
			t.Errorf("got trials %+v and error %v, want 4 trials with status ok", run.Trials, err)
		}
	}
}

// What the binary lacks on this machine is the reason to skip, unless the user has a
// running server.
func TestTheBinaryLacksAServer(t *testing.T) {
	path := links(t, t.TempDir(), heavyBinary)
	t.Setenv("CONTEND_TEST_MISSING", "1")
	status, out := toy(t, "stress", "--engines", path)
	if status != fine || !strings.Contains(out, "needs toydb-server") {
		t.Errorf("got status %d, want 0 and the reason in\n%s", status, out)
	}
	t.Setenv("CONTEND_TEST_ENDPOINT", "a:1,b:2")
	status, out = toy(t, "stress", "--for", "100ms", "--engines", path, "--endpoints", "toydb=a:1,b:2")
	if status != fine || !strings.Contains(out, "ok ") {
		t.Errorf("got status %d, want 0 and ok in\n%s", status, out)
	}
}

// A server that cannot be used is named at once. It is no implementation's failure.
func TestAnotherServerAtAnEndpoint(t *testing.T) {
	path := links(t, t.TempDir(), heavyBinary)
	for _, args := range [][]string{
		{"stress", "--for", "1h"}, {"run", "--out", "run"}, {"profile"}, {"list"},
	} {
		status, out := toy(t, append(args, "--engines", path, "--endpoints", "toydb=foreign:1,b:2")...)
		want := "contend: the environment: --endpoints toydb: no toydb answers at foreign:1,b:2\n"
		if status != wrong || out != want {
			t.Errorf("%s: got status %d and %q, want %d and %q", args[0], status, out, wrong, want)
		}
	}
}

func TestABinaryOfAnotherRevisionIsRefused(t *testing.T) {
	status, out := toy(t, "run", "--engines", links(t, t.TempDir(), otherBinary))
	if status != wrong || !strings.Contains(out, "another revision") {
		t.Errorf("got status %d, want %d and the reason in\n%s", status, wrong, out)
	}
	if status, out := toy(t, "list", "--engines", "/nowhere"); status != wrong || !strings.Contains(out, "/nowhere") {
		t.Errorf("got status %d, want %d and the path in\n%s", status, wrong, out)
	}
	// A binary that the user did not name only costs its implementations.
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
		t.Errorf("got status %d, want 0 and the reason in\n%s", status, out)
	}
}

func TestEndpoints(t *testing.T) {
	const url = "postgres://u@h/d?sslmode=disable"
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
		{[]string{"postgres=" + url}, map[string]string{"postgres": url}, ""},
		{[]string{"ectd=a:1"}, nil, `did you mean "etcd"`},
		{[]string{"a:1"}, nil, "want name=address"},
		{[]string{"etcd="}, nil, "want name=address"},
	} {
		got, err := endpoints(c.given, names)
		ok := err == nil && maps.Equal(got, c.want)
		if c.says != "" {
			ok = err != nil && strings.Contains(err.Error(), c.says)
		}
		if !ok {
			t.Errorf("%q: got %v and error %v, want %v and error %q", c.given, got, err, c.want, c.says)
		}
	}
}
