package harness

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// dumpTime is how long a hung child has to print its goroutines' stacks.
const dumpTime = 2 * time.Second

// killer ends a child that lasts too long.
type killer struct {
	cmd      *exec.Cmd
	ended    <-chan struct{}
	timedOut atomic.Bool
}

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

// signal goes to the child and to what it has started.
func (k *killer) signal(s syscall.Signal) {
	// The only error is that the group is gone, which is what a kill is for.
	_ = syscall.Kill(-k.cmd.Process.Pid, s)
}

func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = childAttributes() }

// head keeps the first bytes that a child prints, up to a limit.
type head struct {
	mu    sync.Mutex
	limit int
	buf   bytes.Buffer
}

func (t *head) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf.Write(p[:min(len(p), t.limit-t.buf.Len())])
	return len(p), nil
}

func (t *head) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.buf.String()
}

// firstLine is the line that says what happened: of a panic or fatal error, or the first one.
func (t *head) firstLine() string {
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

// fullText is an error with the stacks of a hang.
func fullText(err error) string {
	text := err.Error()
	var hang *HangError
	if errors.As(err, &hang) {
		text += "\n\n" + hang.Stacks
	}
	return text
}
