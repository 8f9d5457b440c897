package process

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// waitForGroup kills the group before it takes the exit status of the first process in
// it. Until then, no other process can get that process's ID.
func waitForGroup(cmd *exec.Cmd) error {
	for {
		err := unix.Waitid(unix.P_PID, cmd.Process.Pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
		if err != unix.EINTR {
			break // cmd.Wait reports any other error
		}
	}
	// The only possible error is that no other process is left in the group.
	_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	return cmd.Wait()
}

// Adopt makes this process the parent of all orphans among its descendants, which are then
// found by EndOrphans. They may have left their group and their session. The children that
// this process has at the first call are no orphans.
var Adopt = sync.OnceValue(func() error {
	started.Lock()
	defer started.Unlock()
	for _, pid := range children() {
		if _, known := started.ids[pid]; !known {
			started.ids[pid] = false
		}
	}
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("becoming the parent of orphans: %w", err)
	}
	return nil
})

// EndOrphans kills the orphans that this process has adopted, and waits for them. A reaper
// ends by itself, after its work. Orphans of trials that run at the same time cannot be
// told apart, so the last of these trials ends all.
func EndOrphans() {
	started.Lock()
	defer started.Unlock()
	for _, descends := range started.ids {
		if descends {
			return
		}
	}
	own := unix.Getpgrp()
	for start := time.Now(); time.Since(start) < orphanTime; time.Sleep(time.Millisecond) {
		found := false
		for _, pid := range children() {
			_, known := started.ids[pid]
			group, err := unix.Getpgid(pid)
			if known || err != nil || group == own { // this process started what is in its group
				continue
			}
			found = true
			if !inEnvironment(pid, reaperEnv+"=") {
				// The only possible error is that it has ended.
				_ = unix.Kill(pid, unix.SIGKILL)
			}
			_, _ = unix.Wait4(pid, nil, unix.WNOHANG, nil) // the next pass sees whether it has ended
		}
		if !found {
			return
		}
	}
}

// children returns the IDs of this process's children; none if the kernel does not list
// them.
func children() (ids []int) {
	files, _ := filepath.Glob("/proc/self/task/*/children") // the only error is of the pattern
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil { // the thread has ended
			continue
		}
		for _, field := range strings.Fields(string(text)) {
			if pid, err := strconv.Atoi(field); err == nil {
				ids = append(ids, pid)
			}
		}
	}
	return ids
}

// inEnvironment reports whether a variable of a process's first environment begins with
// text.
func inEnvironment(pid int, text string) bool {
	environment, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
	return err == nil && bytes.Contains(append([]byte{0}, environment...), append([]byte{0}, text...))
}

// endAllIn kills every process whose folder for temporary files is dir, and returns when
// there is none. It does not find a process that has changed its environment.
func endAllIn(dir string) {
	for start := time.Now(); time.Since(start) < removeTime; time.Sleep(time.Millisecond) {
		found := false
		processes, _ := filepath.Glob("/proc/[0-9]*") // the only error is of the pattern
		for _, path := range processes {
			pid, err := strconv.Atoi(filepath.Base(path))
			if err == nil && pid != os.Getpid() && inEnvironment(pid, "TMPDIR="+dir+"\x00") {
				found = true
				_ = unix.Kill(pid, unix.SIGKILL) // the only possible error is that it has ended
			}
		}
		if !found {
			return
		}
	}
}
