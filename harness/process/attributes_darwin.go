package process

import "syscall"

// OwnGroup puts a child into its own process group, so that a signal reaches what it
// started too.
func OwnGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
