package impls_test

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"syscall"
	"testing"

	"github.com/contendbench/contend/impls"
)

// What the system lacks is not the implementation's failure, however deep the error is
// wrapped. Every other error is.
func TestEnvironmentOf(t *testing.T) {
	full := &fs.PathError{Op: "write", Path: "log", Err: syscall.ENOSPC}
	for _, c := range []struct {
		err  error
		log  string
		want bool
	}{
		{fmt.Errorf("taking the lock: %w", full), "", true},
		{&net.OpError{Op: "accept", Err: os.NewSyscallError("accept4", syscall.EMFILE)}, "", true},
		{errors.Join(errors.New("torn"), syscall.ENOMEM), "", true},
		{&fs.PathError{Op: "fork/exec", Path: "server", Err: syscall.EAGAIN}, "", true},
		{&fs.PathError{Op: "read", Path: "socket", Err: syscall.EAGAIN}, "", false},
		{errors.New("exit status 1"), "bind: Address already in use", true},
		{errors.New("exit status 1"), "bad configuration", false},
		{impls.Environment(errors.New("no server answers")), "", true},
		{errors.New("torn"), "", false},
		{syscall.ECONNREFUSED, "", false},
	} {
		got := impls.EnvironmentOf(c.err, c.log)
		var e *impls.EnvironmentError
		if is := errors.As(got, &e); is != c.want || !errors.Is(got, c.err) {
			t.Errorf("%v with log %q: got environment %v in %v, want %v with the error kept", c.err, c.log, is, got, c.want)
		}
	}
	if got := impls.EnvironmentOf(nil, "no space left on device"); got != nil {
		t.Errorf("without an error: got %v, want nil", got)
	}
}
