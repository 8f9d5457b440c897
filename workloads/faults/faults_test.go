package faults

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/results"
)

func TestUnavailable(t *testing.T) {
	start := time.Now()
	at := func(ms ...int) (times []time.Time) {
		for _, m := range ms {
			times = append(times, start.Add(time.Duration(m)*time.Millisecond))
		}
		return times
	}
	for _, c := range []struct {
		name          string
		started, want int
		ended         int // 0: the fault does not end
		served        [][]time.Time
	}{
		{"the gap is after the start", 10, 30, 0, [][]time.Time{at(0, 12), at(42, 43)}},
		{"the gap is before the start", 50, 1, 0, [][]time.Time{at(0, 40, 51), at(50, 52)}},
		{"the gap is after the end", 10, 2, 13, [][]time.Time{at(9, 11), at(12, 14, 90)}},
		{"the gap spans the fault", 20, 80, 30, [][]time.Time{at(10), at(90, 100)}},
		{"no calls", 20, 0, 30, nil},
	} {
		f := Fault{Started: at(c.started)[0]}
		if c.ended > 0 {
			f.Ended = at(c.ended)[0]
		}
		if got, want := f.Unavailable(c.served...), time.Duration(c.want)*time.Millisecond; got != want {
			t.Errorf("%s: got %v, want %v", c.name, got, want)
		}
	}
}

// A fault that would miss is not injected, and decides nothing.
func TestStart(t *testing.T) {
	w := windowed(t, func(f *Fault) error {
		injected := false
		inject := func() error { injected = true; return nil }
		err := f.Start("miss", func() error { return Misses("%s is free", "k") }, inject)
		if !errors.Is(err, harness.ErrUnknown) || injected || !f.Started.IsZero() {
			t.Errorf("a miss: got %v, injected %v, want an error of harness.ErrUnknown, false", err, injected)
		}
		err = f.Start("hit", func() error { return nil }, inject)
		if err != nil || !injected || f.Started.IsZero() {
			t.Errorf("a hit: got %v, injected %v, want nil, true", err, injected)
		}
		f.Mark("between")
		return f.End("heal", func() error { return nil })
	})
	if want := []string{"hit", "between", "heal"}; !slices.Equal(w, want) {
		t.Errorf("got marks %v, want %v", w, want)
	}
}

// windowed plays a fault in a window, and returns the marks on its timeline.
func windowed(t *testing.T, play func(*Fault) error) (marks []string) {
	t.Helper()
	load := harness.Workload[struct{}]{
		Load: harness.Load{Name: "play", Turn: "turn"},
		Run: func(trial *harness.Trial, _ struct{}) error {
			return trial.Window(func(w *harness.Window) error {
				line := w.Timeline(time.Millisecond)
				w.Go("worker", 1, func(w *harness.Worker) {
					for w.Next() {
						time.Sleep(time.Millisecond)
					}
				})
				w.At(0, "fault", func() error { return play(New(line)) })
				w.Check(func() error {
					marks = nil
					for _, m := range line.Merged().Marks {
						marks = append(marks, m.Name)
					}
					return nil
				})
				return nil
			})
		},
	}
	s := harness.NewSuite(harness.About{Contract: "faults", Baseline: "one"},
		harness.Under([]impls.Impl[struct{}]{impls.New("one", impls.Mutex, "here", struct{}{})}, load))
	spec := harness.Spec{Windows: 2, Length: 10 * time.Millisecond, Grace: time.Second, NoProbe: true}
	spec.Cell = results.Cell{Contract: "faults", Work: "play", Impl: "one"}
	if _, err := harness.Execute(t.Context(), []harness.Suite{s}, spec); err != nil {
		t.Fatal(err)
	}
	return marks
}

func TestTraffic(t *testing.T) {
	var traffic Traffic
	before := traffic.Count()
	if err := traffic.AtLeast(1, before); !errors.Is(err, harness.ErrUnknown) {
		t.Errorf("no calls: got %v, want an error of harness.ErrUnknown", err)
	}
	if served, err := traffic.Await(t.Context(), time.Millisecond); served || err != nil {
		t.Errorf("awaiting a call that does not come: got %v, %v, want false, nil", served, err)
	}
	stop := make(chan struct{})
	go func() {
		for {
			select {
			case <-stop:
				return
			default:
				traffic.Served()
				time.Sleep(time.Millisecond)
			}
		}
	}()
	if served, err := traffic.Await(t.Context(), time.Minute); !served || err != nil {
		t.Errorf("awaiting a call: got %v, %v, want true, nil", served, err)
	}
	close(stop)
	if err := traffic.AtLeast(1, before); err != nil {
		t.Errorf("a call: got %v, want nil", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := new(Traffic).Await(ctx, time.Minute); !errors.Is(err, ErrBrokenOff) {
		t.Errorf("awaiting under a context that has ended: got %v, want %v", err, ErrBrokenOff)
	}
}

func TestPulse(t *testing.T) {
	var p Pulse
	if got := p.Stall(); got != 0 {
		t.Errorf("before the first beat: got a stall of %v, want 0", got)
	}
	beats := 0
	p.Beat(func() bool { beats++; return beats < 3 })
	time.Sleep(20 * time.Millisecond)
	if got := p.Stall(); got < 20*time.Millisecond {
		t.Errorf("got a stall of %v, want at least 20 ms", got)
	}
}

func TestUnlessStalled(t *testing.T) {
	violation := errors.New("two holders")
	if err := UnlessStalled(nil, time.Hour, 0); err != nil {
		t.Errorf("no violation: got %v, want nil", err)
	}
	short := UnlessStalled(violation, time.Millisecond, time.Second)
	if !errors.Is(short, violation) || errors.Is(short, harness.ErrUnknown) {
		t.Errorf("a short stall: got %v, want the violation alone", short)
	}
	long := UnlessStalled(violation, time.Hour, time.Second)
	if !errors.Is(long, violation) || !errors.Is(long, harness.ErrUnknown) {
		t.Errorf("a long stall: got %v, want the violation under harness.ErrUnknown", long)
	}
}

// node is a process that records what is done to it.
type node struct {
	impls.Process
	done []string
	err  error
}

func (n *node) Kill() error { n.done = append(n.done, "kill"); return n.err }

func (n *node) Restart(context.Context) error { n.done = append(n.done, "restart"); return n.err }

type nodes struct {
	impls.Cluster
	all    []impls.Process
	leader int
	err    error
}

func (c nodes) Nodes() []impls.Process { return c.all }

func (c nodes) Leader(context.Context) (int, error) { return c.leader, c.err }

func TestAllNodes(t *testing.T) {
	a, b := &node{}, &node{}
	c := nodes{all: []impls.Process{a, b}}
	if err := errors.Join(KillAll(c), RestartAll(t.Context(), c)); err != nil {
		t.Error(err)
	}
	for i, n := range []*node{a, b} {
		if want := []string{"kill", "restart"}; !slices.Equal(n.done, want) {
			t.Errorf("node %d: got %v, want %v", i, n.done, want)
		}
	}
	b.err = errors.New("it is gone")
	if err := KillAll(c); !errors.Is(err, b.err) {
		t.Errorf("a node that fails: got %v, want %v", err, b.err)
	}
	if err := KillAll(nodes{}); !errors.As(err, new(*harness.SkipError)) {
		t.Errorf("servers of the user: got %v, want a harness.SkipError", err)
	}
}

func TestLeader(t *testing.T) {
	a, b := &node{}, &node{}
	both := []impls.Process{a, b}
	for _, c := range []struct {
		name    string
		cluster nodes
		want    *node
	}{
		{"the second leads", nodes{all: both, leader: 1}, b},
		{"all are equal", nodes{all: both, leader: -1, err: impls.ErrNoLeader}, a},
		{"no leader now", nodes{all: both, err: errors.New("an election is under way")}, nil},
	} {
		got, err := Leader(t.Context(), c.cluster)
		switch {
		case c.want == nil && !errors.Is(err, harness.ErrUnknown):
			t.Errorf("%s: got %v, want an error of harness.ErrUnknown", c.name, err)
		case c.want != nil && (err != nil || got != impls.Process(c.want)):
			t.Errorf("%s: got %v, %v, want %v", c.name, got, err, c.want)
		}
	}
	for name, c := range map[string]nodes{"servers of the user": {}, "servers elsewhere": {err: errors.New("away")}} {
		if _, err := Leader(t.Context(), c); !errors.As(err, new(*harness.SkipError)) {
			t.Errorf("%s: got %v, want a harness.SkipError", name, err)
		}
	}
}
