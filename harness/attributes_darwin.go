package harness

import "syscall"

// childAttributes puts a child into a group of its own, so that what it started ends with it.
func childAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
