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

	"github.com/contendbench/contend/impls"
)

// reaperEnv tells a process that it makes a folder and cleans up after another process. Its
// value says for whom. The folder's name goes to descriptor 3.
const reaperEnv = "CONTEND_REAPER"

// The values of reaperEnv.
const (
	forTrial   = "trial"
	forCommand = "command"
)

// A reaper is a process that outlives the one that it cleans up for, which may be killed at
// any time. It makes a folder, so every folder has a reaper. A trial tells its reaper what
// it has started. After the trial has ended, the reaper kills what is left and removes the
// folder. On Linux it finds all whose TMPDIR is the folder, even outside of their group.
type reaper struct {
	cmd *exec.Cmd
	in  io.WriteCloser
}

// made is what a reaper says of its folder.
type made struct {
	Dir   string `json:"dir"`
	Error string `json:"error,omitempty"` // why there is none
}

func startReaper(of string) (r *reaper, dir string, err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, "", err
	}
	r = &reaper{cmd: exec.Command(self)}
	// Under the race detector an exit takes a second, and every trial would wait for it.
	r.cmd.Env = append(os.Environ(), reaperEnv+"="+of, "GORACE=atexit_sleep_ms=0")
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
	err = start(r.cmd, false)
	write.Close()
	if err != nil {
		return nil, "", fmt.Errorf("starting a reaper: %w", err)
	}
	var m made
	if err := json.NewDecoder(read).Decode(&m); err != nil {
		return nil, "", fmt.Errorf("waiting for the folder of a reaper: %w", errors.Join(err, r.close()))
	}
	if m.Error != "" {
		return nil, "", errors.Join(noFolder(errors.New(m.Error)), r.close())
	}
	return r, m.Dir, nil
}

// noFolder is the error of a system that has no place for temporary files.
func noFolder(err error) error {
	return impls.Environment(fmt.Errorf("no temporary files in %s: %w; TMPDIR names the folder for them",
		os.TempDir(), err))
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
	return Wait(r.cmd)
}

// removeTime is how long a reaper tries to remove a folder. A process may still write
// into it.
const removeTime = 10 * time.Second

// reap is the main function of a reaper. It returns the exit status.
func reap(of string) int {
	signal.Ignore(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	dir, err := makeFolder(of)
	m := made{Dir: dir}
	if err != nil {
		m.Error = err.Error()
	}
	if err := json.NewEncoder(os.NewFile(3, "folder")).Encode(m); err != nil || m.Error != "" {
		return remove(dir)
	}
	for _, pid := range left(os.Stdin) {
		// The only possible error is that the process group has ended.
		_ = syscall.Kill(-pid, syscall.SIGKILL)
	}
	endAllIn(dir)
	return remove(dir)
}

// makeFolder makes a folder that can hold files.
func makeFolder(of string) (dir string, err error) {
	dir, err = os.MkdirTemp("", "contend-"+of+"-")
	if err != nil {
		return "", err
	}
	if of == forCommand {
		// Trials make their own folders of mode 0700 below this one. A server that does
		// not run as root must be able to reach its own.
		err = os.Chmod(dir, 0o711)
	}
	return dir, errors.Join(err, writable(dir))
}

// writable returns an error unless a file can be written in dir.
func writable(dir string) error {
	f, err := os.CreateTemp(dir, "probe-")
	if err != nil {
		return err
	}
	_, err = f.Write(make([]byte, 64<<10))
	return errors.Join(err, f.Close(), os.Remove(f.Name()))
}

// left reads the list of processes until its writer has ended, and returns those that have
// not.
func left(list io.Reader) (ids []int) {
	alive := map[int]bool{}
	in := bufio.NewScanner(list)
	for in.Scan() {
		line := in.Text()
		pid, err := strconv.Atoi(strings.TrimLeft(line, "+-"))
		if err != nil || pid <= 1 {
			continue
		}
		alive[pid] = strings.HasPrefix(line, "+")
	}
	for pid, is := range alive {
		if is {
			ids = append(ids, pid)
		}
	}
	return ids
}

func remove(dir string) (status int) {
	for start := time.Now(); time.Since(start) < removeTime; time.Sleep(20 * time.Millisecond) {
		if os.RemoveAll(dir) == nil {
			return 0
		}
	}
	return 1
}
