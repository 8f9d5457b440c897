package process

import (
	"os/exec"
	"syscall"
)

// waitForGroup kills the rest of the group once its first process has ended.
func waitForGroup(cmd *exec.Cmd) error {
	err := cmd.Wait()
	// The only possible error is that no other process is left in the group.
	_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	return err
}

// Adopt does nothing here: launchd adopts orphans.
func Adopt() error { return nil }

// EndOrphans does nothing here. A process that has left its trial's group stays.
func EndOrphans() {}

// endAllIn does nothing here: the system does not show the environment of processes.
func endAllIn(string) {}
