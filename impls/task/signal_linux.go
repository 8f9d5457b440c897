package task

import (
	"encoding/binary"
	"fmt"
	"sync"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The operations of futex(2), for words that no other process shares.
const (
	futexWait = 0 | 128
	futexWake = 1 | 128
)

// A futex is a semaphore whose count is a word of this process. The kernel is asked only
// to sleep while the count is zero, and to wake.
type futex struct {
	count    atomic.Uint32
	sleepers atomic.Int32
}

func newFutex() (signal, error) { return new(futex), nil }

func (f *futex) post() {
	f.count.Add(1)
	if f.sleepers.Load() > 0 {
		f.call(futexWake, 1)
	}
}

// wait counts itself before its last look at the count, so that post sees it. The kernel
// lets it sleep only if the count is still zero.
func (f *futex) wait() {
	for !f.take() {
		f.sleepers.Add(1)
		if f.count.Load() == 0 {
			f.call(futexWait, 0)
		}
		f.sleepers.Add(-1)
	}
}

// take takes one from the count, unless that is zero.
func (f *futex) take() bool {
	for n := f.count.Load(); n > 0; n = f.count.Load() {
		if f.count.CompareAndSwap(n, n-1) {
			return true
		}
	}
	return false
}

// call makes a system call on the count. A value that has changed and a signal that came
// are errors of a wait; it then looks again, as after a wake-up.
func (f *futex) call(operation, value uintptr) {
	_, _, errno := unix.Syscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(&f.count)), operation, value, 0, 0, 0)
	if errno != 0 && errno != unix.EAGAIN && errno != unix.EINTR {
		panic(fmt.Sprintf("task: calling futex: %v", errno))
	}
}

func (f *futex) close() {}

// An eventfd is a semaphore whose count is in the kernel, so each call is a system call.
type eventfd struct {
	fd     int
	mu     sync.RWMutex // held for reading while fd is written to
	closed bool
}

func newEventfd() (signal, error) {
	fd, err := unix.Eventfd(0, unix.EFD_SEMAPHORE|unix.EFD_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("creating an eventfd: %w", err)
	}
	return &eventfd{fd: fd}, nil
}

func (e *eventfd) post() {
	e.mu.RLock()
	defer e.mu.RUnlock()
	if !e.closed {
		one := binary.NativeEndian.AppendUint64(nil, 1)
		e.call("writing to", func() (int, error) { return unix.Write(e.fd, one) })
	}
}

func (e *eventfd) wait() {
	var count [8]byte
	e.call("reading from", func() (int, error) { return unix.Read(e.fd, count[:]) })
}

// call makes a system call, again if a signal came.
func (e *eventfd) call(attempt string, call func() (int, error)) {
	_, err := call()
	for err == unix.EINTR {
		_, err = call()
	}
	if err != nil {
		panic(fmt.Sprintf("task: %s an eventfd: %v", attempt, err))
	}
}

func (e *eventfd) close() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closed = true
	if err := unix.Close(e.fd); err != nil {
		panic(fmt.Sprintf("task: closing an eventfd: %v", err))
	}
}
