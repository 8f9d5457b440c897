package process

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

// reaperEnv tells a process that it makes a trial's folder and cleans up after the trial.
// The folder's name goes to descriptor 3.
const reaperEnv = "CONTEND_REAPER"

// A reaper is a process that outlives the trial, which may be killed at any time. It
// makes the trial's folder, so every folder has a reaper. The trial tells the reaper what
// it has started. After the trial has ended, the reaper kills what is left and removes
// the folder.
type reaper struct {
	cmd *exec.Cmd
	in  io.WriteCloser
}

func startReaper() (r *reaper, dir string, err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, "", err
	}
	r = &reaper{cmd: exec.Command(self)}
	// Under the race detector an exit takes a second, and every trial would wait for it.
	r.cmd.Env = append(os.Environ(), reaperEnv+"=1", "GORACE=atexit_sleep_ms=0")
	r.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // what kills the trial's group must not kill the reaper
	if r.in, err = r.cmd.StdinPipe(); err != nil {
		return nil, "", err
	}
	read, write, err := os.Pipe()
	if err != nil {
		return nil, "", err
	}
	defer read.Close()
	r.cmd.ExtraFiles = []*os.File{write}
	err = r.cmd.Start()
	write.Close()
	if err != nil {
		return nil, "", fmt.Errorf("starting a reaper: %w", err)
	}
	if err := json.NewDecoder(read).Decode(&dir); err != nil {
		return nil, "", fmt.Errorf("waiting for the folder of a reaper: %w", errors.Join(err, r.close()))
	}
	return r, dir, nil
}

// started and gone update the reaper's list. An error means that the reaper has ended,
// which close reports.
func (r *reaper) started(pid int) { fmt.Fprintf(r.in, "+%d\n", pid) }
func (r *reaper) gone(pid int)    { fmt.Fprintf(r.in, "-%d\n", pid) }

// close lets the reaper clean up, and waits until it has ended.
func (r *reaper) close() error {
	if err := r.in.Close(); err != nil {
		return err
	}
	return r.cmd.Wait()
}

// removeTime is how long a reaper tries to remove a folder. A process may still write
// into it.
const removeTime = 10 * time.Second

// reap is the main function of a reaper. It returns the exit status.
func reap() int {
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
			// The only possible error is that the process group has ended.
			_ = syscall.Kill(-pid, syscall.SIGKILL)
		}
	}
	return remove(dir)
}

func remove(dir string) (status int) {
	for start := time.Now(); time.Since(start) < removeTime; time.Sleep(20 * time.Millisecond) {
		if os.RemoveAll(dir) == nil {
			return 0
		}
	}
	return 1
}
