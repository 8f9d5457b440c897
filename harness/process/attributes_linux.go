package process

import "syscall"

// OwnGroup puts a child into its own process group, so that a signal reaches what it
// started too. The child is killed when this process ends.
func OwnGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
