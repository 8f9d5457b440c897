package harness_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/pprof"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls/mutex"
)

// A hang says where the workers wait: in the implementation, not in the runtime below it
// or in the load above it.
func TestAHangSaysWhereTheWorkersWait(t *testing.T) {
	for _, c := range []struct {
		lock sync.Locker
		want string
	}{
		{new(mutex.FIFOPark), "3 wait in (*FIFOPark).Lock, park.go:"},
		{new(mutex.MCS), "3 wait in (*MCS).Lock, mcs.go:"}, // it spins
		{new(sync.Mutex), "3 wait in sync.(*Mutex).Lock, mutex.go:"},
		{make(token, 1), "3 wait in token.Lock, hang_test.go:"},
	} {
		c.lock.Lock()
		sections := 0
		_, err := harness.Execute(t.Context(), toy(func(_ *harness.Trial, w *harness.Window) error {
			w.Go("worker", 3, func(w *harness.Worker) {
				for w.Next() {
					c.lock.Lock()
					sections++
					c.lock.Unlock()
				}
			})
			return nil
		}), spec())
		c.lock.Unlock()
		var hang *harness.HangError
		if !errors.As(err, &hang) || hang.Stuck != 3 || !strings.Contains(firstLine(err), c.want) {
			t.Errorf("%T: got %q, want 3 stuck and %q", c.lock, firstLine(err), c.want)
		}
	}
}

// token is a lock that is free while its channel is empty.
type token chan struct{}

func (l token) Lock()   { l <- struct{}{} }
func (l token) Unlock() { <-l }

// A check may use the subject, and hang in it. One that panics has failed.
func TestACheckThatHangsOrPanicsFails(t *testing.T) {
	lock := make(token, 1)
	lock.Lock()
	defer lock.Unlock()
	for want, check := range map[string]func(){
		"1 of 1 checks have not returned, and none did for 500ms: 1 wait in token.Lock, hang_test.go:": lock.Lock,
		"check 0 panicked: broken": func() { panic("broken") },
	} {
		spec := spec()
		spec.Grace = 100 * time.Millisecond
		_, err := harness.Execute(t.Context(), toy(func(_ *harness.Trial, w *harness.Window) error {
			w.Go("worker", 1, func(w *harness.Worker) {
				for w.Next() {
					runtime.Gosched()
				}
			})
			w.Check(func() error { check(); return nil })
			return nil
		}), spec)
		if err == nil || !strings.Contains(firstLine(err), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// The goroutines that a worker has started may be those that wait in the implementation.
func TestAHangNamesTheGoroutinesOfAWorker(t *testing.T) {
	lock := make(token, 1)
	lock.Lock()
	sections := 0
	_, err := harness.Execute(t.Context(), toy(func(_ *harness.Trial, w *harness.Window) error {
		w.Go("worker", 1, func(w *harness.Worker) {
			for w.Next() {
				var group sync.WaitGroup
				for range 2 {
					group.Go(func() {
						lock.Lock()
						sections++
						lock.Unlock()
					})
				}
				group.Wait()
			}
		})
		return nil
	}), spec())
	lock.Unlock()
	want := "of the goroutines that they started, 2 wait in token.Lock, hang_test.go:"
	if !strings.Contains(firstLine(err), want) {
		t.Errorf("got %q, want %q in it", firstLine(err), want)
	}
}

//go:noinline
func waitForever() { select {} }

func firstLine(err error) string {
	line, _, _ := strings.Cut(fmt.Sprint(err), "\n")
	return line
}

// A hang shows equal stacks once, and only counts the goroutines that earlier windows left.
func TestAHangShowsTheStacksOfItsWindow(t *testing.T) {
	blocked := make(chan struct{})
	defer close(blocked)
	pprof.Do(t.Context(), pprof.Labels(harness.ReplayEnv, "earlier"), func(context.Context) {
		go waitThere(blocked)
	})
	this := pprof.WithLabels(t.Context(), pprof.Labels(harness.ReplayEnv, "this one"))
	_, err := harness.Execute(this, toy(func(_ *harness.Trial, w *harness.Window) error {
		w.Go("worker", 3, func(w *harness.Worker) {
			for w.Next() {
				waitHere(blocked)
			}
		})
		return nil
	}), spec())
	got := harness.Detail(err)
	if n := strings.Count(got, "harness_test.waitHere"); n != 1 {
		t.Errorf("got the workers' stack %d times, want once in\n%s", n, got)
	}
	for _, want := range []string{"3 goroutines:\n", "1 goroutine of earlier windows\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("got %q, want %q in it", got, want)
		}
	}
	if strings.Contains(got, "waitThere") {
		t.Errorf("got %q, want no stack of an earlier window", got)
	}
}

// Workers that wait in several places are counted by place, most of them first.
func TestAHangCountsTheWorkersByPlace(t *testing.T) {
	blocked := make(chan struct{})
	_, err := harness.Execute(t.Context(), toy(func(_ *harness.Trial, w *harness.Window) error {
		w.Go("worker", 5, func(w *harness.Worker) {
			for w.Next() {
				if w.ID == 0 {
					waitHere(blocked)
				}
				waitThere(blocked)
			}
		})
		w.While(func() string { return "2 permits are free" })
		return nil
	}), spec())
	close(blocked)
	var hang *harness.HangError
	if !errors.As(err, &hang) {
		t.Fatalf("got error %v, want a hang", err)
	}
	var got []string
	for _, p := range hang.Places {
		got = append(got, fmt.Sprintf("%d %s", p.Goroutines, p.Function))
	}
	if want := "4 waitThere, 1 waitHere"; strings.Join(got, ", ") != want {
		t.Errorf("got %s, want %s", strings.Join(got, ", "), want)
	}
	if want := ", while 2 permits are free"; !strings.HasSuffix(firstLine(err), want) {
		t.Errorf("got %q, want %q at its end", firstLine(err), want)
	}
}

//go:noinline
func waitHere(c chan struct{}) { <-c }

//go:noinline
func waitThere(c chan struct{}) { <-c }

// The failure before a hang is known, so the grace time is not waited for.
func TestAFailureBeforeAHangIsReportedAtOnce(t *testing.T) {
	torn := errors.New("torn")
	for name, build := range map[string]func(w *harness.Window){
		"a worker's check": func(w *harness.Window) {
			w.Go("worker", 2, func(w *harness.Worker) {
				for w.Next() {
					if w.ID == 0 {
						w.Fail(torn)
					}
					waitForever()
				}
			})
		},
		"an event": func(w *harness.Window) {
			w.Go("worker", 2, func(w *harness.Worker) {
				for w.Next() {
					waitForever()
				}
			})
			w.At(time.Millisecond, "fault", func() error { return torn })
		},
		"a check during the grace": func(w *harness.Window) {
			w.Go("worker", 2, func(w *harness.Worker) {
				for w.Next() {
					runtime.Gosched()
				}
				time.Sleep(50 * time.Millisecond)
				w.Fail(torn)
				waitForever()
			})
		},
	} {
		s := spec()
		s.Grace = time.Minute
		suites := toy(func(_ *harness.Trial, w *harness.Window) error { build(w); return nil })
		_, err := harness.Execute(t.Context(), suites, s)
		var hang *harness.HangError
		if !errors.As(err, &hang) || !errors.Is(err, torn) || hang.Grace >= s.Grace {
			t.Errorf("%s: got error %v, want a hang after %q that was not waited for", name, err, torn)
		}
	}
}
