package harness

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// guardEnv tells a process that it makes a trial's folder, whose name goes to descriptor 3, and cleans up after the trial.
const guardEnv = "CONTEND_GUARD"

// A guard is a process that outlives the trial, which may be killed at any instant. It makes the trial's folder, so that there is none
// without a guard. The trial tells it what it has started; when the trial is gone, the guard ends what is left and removes the folder.
type guard struct {
	cmd *exec.Cmd
	in  io.WriteCloser
}

func startGuard() (g *guard, dir string, err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, "", err
	}
	g = &guard{cmd: exec.Command(self)}
	// Under the race detector an exit takes a second, which every trial would wait for.
	g.cmd.Env = append(os.Environ(), guardEnv+"=1", "GORACE=atexit_sleep_ms=0")
	g.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // what kills the trial's group must not kill the guard
	if g.in, err = g.cmd.StdinPipe(); err != nil {
		return nil, "", err
	}
	read, write, err := os.Pipe()
	if err != nil {
		return nil, "", err
	}
	defer read.Close()
	g.cmd.ExtraFiles = []*os.File{write}
	err = g.cmd.Start()
	write.Close()
	if err != nil {
		return nil, "", fmt.Errorf("starting a guard: %w", err)
	}
	if err := json.NewDecoder(read).Decode(&dir); err != nil {
		return nil, "", fmt.Errorf("a guard made no folder: %w", errors.Join(err, g.close()))
	}
	return g, dir, nil
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
func runGuard() int {
	signal.Ignore(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	dir, err := os.MkdirTemp("", "contend-trial-")
	if err != nil {
		fmt.Fprintln(os.Stderr, "contend: making a trial's folder:", err)
		return 1
	}
	if err := json.NewEncoder(os.NewFile(3, "folder")).Encode(dir); err != nil {
		return remove(dir)
	}
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
	return remove(dir)
}

func remove(dir string) (status int) {
	for begin := time.Now(); time.Since(begin) < removeTime; time.Sleep(20 * time.Millisecond) {
		if os.RemoveAll(dir) == nil {
			return 0
		}
	}
	return 1
}
