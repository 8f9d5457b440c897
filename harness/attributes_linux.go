package harness

import "syscall"

// childAttributes puts a child into a group of its own, so that what it started ends with it, and ends
// it when this process is killed.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
