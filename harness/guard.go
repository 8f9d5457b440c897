package harness

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// guardEnv tells a process that it cleans up after a trial, and in which folder.
const guardEnv = "CONTEND_GUARD"

// A guard is a process that outlives the trial, which may be killed at any instant. The trial tells it what it has started; when the
// trial is gone, the guard ends what is left and removes the folder.
type guard struct {
	cmd *exec.Cmd
	in  io.WriteCloser
}

func startGuard(dir string) (*guard, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	g := &guard{cmd: exec.Command(self)}
	// Under the race detector an exit takes a second, which every trial would wait for.
	g.cmd.Env = append(os.Environ(), guardEnv+"="+dir, "GORACE=atexit_sleep_ms=0")
	g.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // what kills the trial's group must not kill the guard
	if g.in, err = g.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if err := g.cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting a guard: %w", err)
	}
	return g, nil
}

// started and gone keep the guard's list. Their errors mean that the guard is dead, which close reports.
func (g *guard) started(pid int) { fmt.Fprintf(g.in, "+%d\n", pid) }
func (g *guard) gone(pid int)    { fmt.Fprintf(g.in, "-%d\n", pid) }

// close lets the guard do its work and end.
func (g *guard) close() error {
	if err := g.in.Close(); err != nil {
		return err
	}
	return g.cmd.Wait()
}

// removeTime is how long a guard tries to remove a folder into which a process may still be writing.
const removeTime = 10 * time.Second

// runGuard is the guard's process.
func runGuard(dir string) int {
	signal.Ignore(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	alive := map[int]bool{}
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		line := in.Text()
		pid, err := strconv.Atoi(strings.TrimLeft(line, "+-"))
		if err != nil || pid <= 1 {
			continue
		}
		alive[pid] = strings.HasPrefix(line, "+")
	}
	for pid, left := range alive {
		if left {
			// The only error is that the group is gone.
			_ = syscall.Kill(-pid, syscall.SIGKILL)
		}
	}
	if !strings.HasPrefix(filepath.Base(dir), dirPrefix) { // it removes nothing that a Host did not make
		return 2
	}
	for begin := time.Now(); time.Since(begin) < removeTime; time.Sleep(20 * time.Millisecond) {
		if os.RemoveAll(dir) == nil {
			return 0
		}
	}
	return 1
}
