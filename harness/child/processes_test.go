package child_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/child"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/results"
)

// TestMain lets the executable of the tests run trials.
func TestMain(m *testing.M) {
	if child.Is() {
		os.Exit(child.Main(hosted()))
	}
	os.Exit(m.Run())
}

var behaviour = harness.Param[string]{Key: "behaviour", About: "what the trial does", Default: "use"}

// hosted is a suite of one case, with a server in another process.
func hosted() []harness.Suite {
	load := harness.Workload[string]{
		Load: harness.Load{Name: "toy", Turn: "turn", Params: []harness.AnyParam{behaviour}},
		Run:  func(t *harness.Trial, _ string) error { return runHosted(t) },
	}
	load.Helpers = map[string]harness.HelperFunc[string]{"server": serve}
	about := harness.About{Pattern: "toy", Contract: "toy", Baseline: "one"}
	table := []impls.Impl[string]{impls.New("one", impls.Atomic, "here", "")}
	return []harness.Suite{harness.NewSuite(about, harness.Under(table, load))}
}

func runHosted(t *harness.Trial) error {
	act, ok := behaviours[behaviour.Of(t)]
	if !ok {
		act = host
	}
	if err := act(t); err != nil {
		return err
	}
	return t.Window(func(w *harness.Window) error {
		w.Go("worker", 1, func(w *harness.Worker) {
			for w.Next() {
				w.Spin(100)
			}
		})
		return nil
	})
}

// host starts a server and does with it what the behaviour says.
func host(t *harness.Trial) error {
	host, err := t.Host()
	if err != nil {
		return err
	}
	server, err := host.Start(t.Context, impls.Program{Name: "server", Entry: "server", Args: behaviour.Of(t)})
	if err != nil {
		return err
	}
	switch behaviour.Of(t) {
	case "strays":
		return nil
	case "use":
		return use(t.Context, server)
	case "wait": // until the trial is killed; a file tells the test what it started
		if err := server.Pause(); err != nil {
			return err
		}
		text := fmt.Sprintf("%d %s", server.Pid(), host.Dir())
		if err := os.WriteFile(os.Getenv("CONTEND_TEST_FILE"), []byte(text), 0o600); err != nil {
			return err
		}
		<-t.Context.Done()
		time.Sleep(time.Hour)
	}
	return errors.New("a failed check")
}

// serve answers every connection with its process ID.
func serve(p *harness.Helper, _ string, args json.RawMessage) error {
	var word string
	if err := json.Unmarshal(args, &word); err != nil {
		return err
	}
	fmt.Println("the log says", word)
	if word == "broken" {
		return errors.New("it cannot start")
	}
	if word == "forks" || word == "strays" {
		if err := leaveBehind(&syscall.SysProcAttr{Setsid: word == "strays"}); err != nil {
			return err
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	if err := p.Ready(l.Addr().String()); err != nil {
		return err
	}
	context.AfterFunc(p.Context, func() { l.Close() })
	for {
		c, err := l.Accept()
		if err != nil {
			return nil
		}
		fmt.Fprint(c, os.Getpid())
		c.Close()
	}
}

func ask(server impls.Process, limit time.Duration) (int, error) {
	var address string
	if err := json.Unmarshal(server.Message(), &address); err != nil {
		return 0, err
	}
	c, err := net.DialTimeout("tcp", address, limit)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(limit)); err != nil {
		return 0, err
	}
	text, err := io.ReadAll(c)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(string(text))
}

func use(ctx context.Context, server impls.Process) error {
	pid, err := ask(server, time.Second)
	if err != nil || pid != server.Pid() || pid == os.Getpid() {
		return fmt.Errorf("got process %d and error %v, want process %d", pid, err, server.Pid())
	}
	if err := server.Pause(); err != nil {
		return err
	}
	if _, err := ask(server, 100*time.Millisecond); err == nil {
		return errors.New("got an answer of a paused process, want none")
	}
	if err := server.Resume(); err != nil {
		return err
	}
	if _, err := ask(server, time.Second); err != nil {
		return err
	}
	if err := server.Kill(); err != nil {
		return err
	}
	if _, err := ask(server, 100*time.Millisecond); err == nil {
		return errors.New("got an answer of a killed process, want none")
	}
	if err := server.Pause(); !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("pausing a killed process: got error %v, want os.ErrProcessDone", err)
	}
	if err := server.Restart(ctx); err != nil {
		return err
	}
	if again, err := ask(server, time.Second); err != nil || again == pid {
		return fmt.Errorf("after a restart: got process %d and error %v, want another than %d", again, err, pid)
	}
	return server.Stop()
}

func hostedSpec(behaviour string) harness.Spec {
	s := harness.DefaultSpec(results.Cell{
		Contract: "toy", Work: "toy", Impl: "one", Procs: 2, Params: []results.Param{{Key: "behaviour", Value: behaviour}},
	})
	s.Seed, s.Grace = 1, 300*time.Millisecond
	return s
}

func TestProcesses(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	if _, err := harness.Execute(t.Context(), hosted(), hostedSpec("use")); err != nil {
		t.Errorf("got error %v, want none", err)
	}
	left, err := os.ReadDir(os.Getenv("TMPDIR"))
	if err != nil || len(left) > 0 {
		t.Errorf("got %v left and error %v, want nothing left", left, err)
	}
}

// A failed trial keeps the logs of what it started, and a process that cannot start says
// why.
func TestLogsOfAFailure(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for behaviour, says := range map[string]string{"fail": "a failed check", "broken": "it cannot start"} {
		out, err := child.Run(t.Context(), self, hostedSpec(behaviour), time.Minute)
		if err != nil {
			t.Fatalf("%s: got error %v, want none", behaviour, err)
		}
		log := string(out.Evidence["1-server.log"])
		logged := strings.Contains(log, "the log says "+behaviour)
		if out.Status != results.Failed || !strings.Contains(out.Text, says) || !logged {
			t.Errorf("%s: got %s with log %q, want failed with a log and %q in\n%s",
				behaviour, out.Status, log, says, out.Text)
		}
	}
}

// A trial that is killed leaves nothing, not even a process that is paused.
func TestNothingIsLeftOfAKilledTrial(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "started")
	t.Setenv("CONTEND_TEST_FILE", file)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if _, err := child.Run(ctx, self, hostedSpec("wait"), time.Minute); !errors.Is(err, context.Canceled) {
			t.Errorf("got error %v, want context.Canceled", err)
		}
	}()
	var pid int
	var dir string
	eventually(t, "the trial starts its server", func() bool {
		text, err := os.ReadFile(file)
		if err != nil {
			return false
		}
		n, err := fmt.Sscanf(string(text), "%d %s", &pid, &dir)
		return err == nil && n == 2
	})
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("got folder %v and error %v, want mode 0700", info, err)
	}
	cancel()
	<-ended
	eventually(t, "the server ends", func() bool { return errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) })
	eventually(t, "the folder is removed", func() bool {
		_, err := os.Stat(dir)
		return errors.Is(err, os.ErrNotExist)
	})
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for start := time.Now(); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Since(start) > 20*time.Second {
			t.Fatalf("got no sign that %s, want it within 20 s", what)
		}
	}
}
