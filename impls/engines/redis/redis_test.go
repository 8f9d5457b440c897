package redis

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/engines/cluster"
	"github.com/contendbench/contend/impls/implstest"
)

// host runs a server for the time of a test.
type host struct {
	t   *testing.T
	dir string
	pid int
}

func (h *host) Dir() string { return h.dir }

func (*host) Endpoint(string) string { return "" }

func (h *host) Start(ctx context.Context, p impls.Program) (impls.Process, error) {
	cmd := exec.Command(p.Path, p.Argv...)
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	h.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	h.pid = cmd.Process.Pid
	for start := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		if err := p.Ready(ctx); err == nil || time.Since(start) > 10*time.Second {
			return nil, err
		}
	}
}

// A server takes no command without the password, which is in no command line, and
// listens on loopback only.
func TestServersAreClosed(t *testing.T) {
	if err := Missing(); err != nil {
		t.Skip(err)
	}
	h := &host{t: t, dir: t.TempDir()}
	c, err := Service(1).Start(t.Context(), h)
	if err != nil {
		t.Fatal(err)
	}
	at, err := cluster.Parse(c.Endpoint())
	if err != nil {
		t.Fatal(err)
	}
	ours, err := Connect(at.Addresses[0])
	if err != nil {
		t.Fatal(err)
	}
	defer ours.Close()
	other := redis.NewClient(&redis.Options{Addr: ours.Options().Addr, MaxRetries: -1})
	defer other.Close()
	if err := other.Ping(t.Context()).Err(); err == nil || !strings.HasPrefix(err.Error(), "NOAUTH") {
		t.Errorf("without the password: got %v, want NOAUTH", err)
	}
	if mode, err := ours.ConfigGet(t.Context(), "protected-mode").Result(); err != nil || mode["protected-mode"] != "yes" {
		t.Errorf("got protected-mode %q, %v, want yes", mode, err)
	}
	if line, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(h.pid), "cmdline")); err == nil &&
		strings.Contains(string(line), ours.Options().Password) {
		t.Errorf("got the command line %q, want one without the password", line)
	}
	for _, a := range implstest.Listening(t, strconv.Itoa(h.pid)) {
		if !a.IP.IsLoopback() {
			t.Errorf("got a server that listens at %v, want only loopback", &a)
		}
	}
}
