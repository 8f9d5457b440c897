package child

import (
	"bytes"
	"context"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// dumpTime is how long a hung child may take to print its goroutines' stacks.
const dumpTime = 2 * time.Second

// killer kills a child that runs for too long.
type killer struct {
	cmd      *exec.Cmd
	ended    <-chan struct{}
	timedOut atomic.Bool
}

// watch kills the child if it is not done after limit, or when ctx is done.
func (k *killer) watch(ctx context.Context, limit time.Duration) {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-k.ended:
		return
	case <-ctx.Done():
		k.signal(syscall.SIGKILL)
		return
	case <-timer.C:
	}
	k.timedOut.Store(true)
	k.signal(syscall.SIGQUIT)
	select {
	case <-k.ended:
	case <-time.After(dumpTime):
		k.signal(syscall.SIGKILL)
	}
}

// signal sends s to the child and to the processes that it started.
func (k *killer) signal(s syscall.Signal) {
	// The only possible error is that the process group has ended, which is the purpose.
	_ = syscall.Kill(-k.cmd.Process.Pid, s)
}

// maxOutput limits how much of a child's standard error is kept, in bytes.
const maxOutput = 1 << 20

// prefixBuffer keeps the first bytes that a child prints, up to a limit.
type prefixBuffer struct {
	mu    sync.Mutex
	limit int
	buf   bytes.Buffer
}

func (t *prefixBuffer) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf.Write(p[:min(len(p), t.limit-t.buf.Len())])
	return len(p), nil
}

func (t *prefixBuffer) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.buf.String()
}

// firstLine returns the line that says what happened: that of a panic or fatal error, or
// else the first.
func (t *prefixBuffer) firstLine() string {
	text := t.String()
	for line := range strings.Lines(text) {
		for _, mark := range []string{"panic:", "fatal error:", "WARNING: DATA RACE", "SIGSEGV"} {
			if strings.Contains(line, mark) {
				return strings.TrimSpace(line)
			}
		}
	}
	return firstLine(text)
}

// fatal returns what the Go runtime printed when it ended the process, without the stacks.
func (t *prefixBuffer) fatal() string {
	var lines []string
	for line := range strings.Lines(t.String()) {
		says := func(start string) bool { return strings.HasPrefix(line, start) }
		if slices.ContainsFunc([]string{"runtime:", "runtime/cgo:", "fatal error:", "panic:"}, says) {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
