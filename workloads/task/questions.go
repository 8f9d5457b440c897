package task

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/contendbench/contend/harness"
	tasks "github.com/contendbench/contend/impls/task"
)

// questions are cases that pools decide in different ways. The pool has one worker and, if
// its queue is bounded, room for one task. Where it hangs is left to the asker.
var questions = []harness.Question[tasks.New]{
	{
		Name: "nested submit", About: "A task submits three tasks, while no other worker is free.",
		Ask: func(create tasks.New) (string, error) { return nestedAnswer(create(1, 1)) },
	},
	{
		Name: "panic", About: "A task panics. Another one is submitted, and the pool is closed.",
		Ask: func(create tasks.New) (string, error) {
			return endedAnswer(create(1, 1), func() { panic("the task of a question panics") })
		},
	},
	{
		Name: "Goexit", About: "A task calls runtime.Goexit. Another one is submitted, and the pool is closed.",
		Ask: func(create tasks.New) (string, error) { return endedAnswer(create(1, 1), runtime.Goexit) },
	},
	{
		Name: "close while full", About: "Close is called while a Submit waits for room.",
		Ask: func(create tasks.New) (string, error) { return closeAnswer(create(1, 1)) },
	},
	{
		Name: "late submit", About: "Submit is called after Close.",
		Ask: func(create tasks.New) (string, error) { return lateAnswer(create(1, 1)) },
	},
	{
		Name: "cancel", About: "The context of a Submit that waits for room ends.",
		Ask: func(create tasks.New) (string, error) { return cancelAnswer(create(1, 1), make(chan struct{})) },
	},
}

// settle is how long a goroutine needs to begin a wait.
const settle = 20 * time.Millisecond

func nestedAnswer(p tasks.Pool) (string, error) {
	const inner = 3
	ran, refused := newRoll(inner), 0
	outer := newRoll(1)
	err := insist(p, func() {
		for range inner {
			if p.Submit(context.Background(), ran.call) != nil {
				refused++
			}
		}
		outer.call()
	})
	if err != nil {
		return "", err
	}
	outer.wait()
	p.Close()
	switch n := int(ran.calls.Load()); {
	case n == inner:
		return "runs them", nil
	case n+refused == inner:
		return "refuses what does not fit", nil
	default:
		return fmt.Sprintf("loses %d of 3", inner-n-refused), nil
	}
}

// endedAnswer asks what a task does to the pool that ends in an unusual way.
func endedAnswer(p tasks.Pool, end func()) (answer string, err error) {
	defer func() {
		if recover() != nil {
			answer = "Close panics"
		}
	}()
	if err := insist(p, end); err != nil {
		return "", err
	}
	time.Sleep(settle)
	next := newRoll(1)
	if err := insist(p, next.call); err != nil {
		return "refuses the next", nil
	}
	p.Close()
	if next.calls.Load() == 0 {
		return "loses the next", nil
	}
	return "goes on", nil
}

// fill occupies the worker and the room of a pool until the gate opens. It returns the
// result of one Submit more, which may be waiting.
func fill(ctx context.Context, p tasks.Pool, gate chan struct{}, last func()) (result chan error) {
	result = make(chan error, 1)
	for range 3 { // some pools hold one task more than they say
		brief, cancel := context.WithTimeout(context.Background(), settle)
		held := make(chan struct{})
		go func() {
			defer close(held)
			_ = p.Submit(brief, func() { <-gate }) // a full pool refuses it, or waits
		}()
		select {
		case <-held:
		case <-time.After(2 * settle):
		}
		cancel()
	}
	go func() { result <- p.Submit(ctx, last) }()
	return result
}

func closeAnswer(p tasks.Pool) (string, error) {
	gate, ran := make(chan struct{}), newRoll(1)
	result := fill(context.Background(), p, gate, ran.call)
	select {
	case err := <-result:
		return doesNotWait(err), nil
	case <-time.After(settle):
	}
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		p.Close()
	}()
	time.Sleep(settle)
	close(gate)
	err := <-result
	<-closed
	switch {
	case errors.Is(err, tasks.ErrClosed):
		return "returns ErrClosed", nil
	case err != nil:
		return "returns an error", nil
	case ran.calls.Load() == 1:
		return "runs it", nil
	case happens(ran):
		return "runs it after Close", nil
	}
	return "loses it", nil
}

// happens waits a while for a call.
func happens(r *roll) bool {
	select {
	case <-r.all:
		return true
	case <-time.After(looks * time.Millisecond):
		return false
	}
}

func doesNotWait(err error) string {
	if err == nil {
		return "has room"
	}
	return "does not wait"
}

func lateAnswer(p tasks.Pool) (answer string, err error) {
	defer func() {
		if recover() != nil {
			answer = "panics"
		}
	}()
	p.Close()
	ran := newRoll(1)
	switch err := p.Submit(context.Background(), ran.call); {
	case errors.Is(err, tasks.ErrClosed):
		return "returns ErrClosed", nil
	case err != nil:
		return "returns an error", nil
	}
	if happens(ran) {
		return "runs it", nil
	}
	return "loses it", nil
}

// cancelAnswer leaves the pool full. A library whose Submit waits on would panic in a Close,
// which could end the process before its answer is out.
func cancelAnswer(p tasks.Pool, gate chan struct{}) (string, error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	result := fill(ctx, p, gate, nothing)
	select {
	case err := <-result:
		return doesNotWait(err), nil
	case <-time.After(settle):
	}
	cancel()
	select {
	case err := <-result:
		if errors.Is(err, context.Canceled) {
			return "returns its error", nil
		}
		return "returns another error", nil
	case <-time.After(looks * time.Millisecond):
		return "waits on", nil
	}
}
