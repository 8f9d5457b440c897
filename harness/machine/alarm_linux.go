package machine

import (
	"fmt"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Alarm makes the timers of the Go runtime fire on time while its processors are idle. An
// idle runtime waits for its next timer in epoll_wait, whose time-out counts whole
// milliseconds. The alarm is a timer of the kernel in the same set of files, so it ends
// that wait after nanoseconds.
type Alarm struct {
	file *os.File
	conn syscall.RawConn
}

// NewAlarm returns an alarm, which Close releases. An error says that the system has no
// timer left.
func NewAlarm() (*Alarm, error) {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("creating a timer: %w", err)
	}
	file := os.NewFile(uintptr(fd), "alarm") // it is non-blocking, so the runtime polls it
	conn, err := file.SyscallConn()
	if err != nil {
		return nil, fmt.Errorf("polling a timer: %w", err)
	}
	return &Alarm{file, conn}, nil
}

// Set makes the alarm go off after d, and not at the time that was set before. It returns
// at once. An error says that the alarm is closed.
func (a *Alarm) Set(d time.Duration) error {
	at := unix.ItimerSpec{Value: unix.NsecToTimespec(int64(max(d, 1)))}
	var err error
	closed := a.conn.Control(func(fd uintptr) { err = unix.TimerfdSettime(int(fd), 0, &at, nil) })
	if closed != nil {
		return fmt.Errorf("setting a timer: %w", closed)
	}
	return err
}

// Close releases the alarm.
func (a *Alarm) Close() error { return a.file.Close() }
