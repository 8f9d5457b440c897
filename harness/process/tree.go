package process

import (
	"os/exec"
	"sync"
	"time"
)

// started are the processes that this one has started and not yet waited for, by ID. The
// value is whether descendants of the process may become orphans: those of a reaper do not.
// What else becomes a child of this process is an orphan.
var started = struct {
	sync.Mutex
	ids map[int]bool
}{ids: map[int]bool{}}

// Start starts cmd, which must have its own group; see OwnGroup. Wait must follow.
func Start(cmd *exec.Cmd) error { return start(cmd, true) }

func start(cmd *exec.Cmd, descends bool) error {
	started.Lock() // a child must never look like an orphan
	defer started.Unlock()
	if err := cmd.Start(); err != nil {
		return err
	}
	started.ids[cmd.Process.Pid] = descends
	return nil
}

// Wait waits until a process has ended, and kills what is left of its group. The error is
// that of the process's exit.
func Wait(cmd *exec.Cmd) error {
	err := waitForGroup(cmd)
	started.Lock()
	defer started.Unlock()
	delete(started.ids, cmd.Process.Pid)
	return err
}

// orphanTime limits how long EndOrphans waits for orphans. A trial's reaper is one, and
// may have to remove a folder.
const orphanTime = removeTime + 2*time.Second
