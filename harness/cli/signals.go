package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// signalled is why a context ended: a signal asked the command to end.
type signalled struct{ signal syscall.Signal }

func (e signalled) Error() string { return "interrupted: " + e.signal.String() }

// status is the exit status, as a shell reports a process that a signal has ended.
func (e signalled) status() int { return 128 + int(e.signal) }

// untilSignal returns a context that the first SIGINT, SIGTERM or SIGHUP ends. The second ends
// the process at once. Even then, a measuring command leaves nothing behind: see
// process.Scratch.
func untilSignal() (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	next := func() signalled {
		s, _ := (<-signals).(syscall.Signal) // it is one on every Unix
		return signalled{s}
	}
	go func() {
		cancel(next())
		os.Exit(next().status())
	}()
	return ctx, func() {
		signal.Stop(signals)
		cancel(nil)
	}
}
