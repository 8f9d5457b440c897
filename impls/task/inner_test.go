package task

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestFIFO(t *testing.T) {
	var q fifo
	var got, want []int
	add := func(n int) { q.push(func() { got = append(got, n) }) }
	for n := range 100 {
		add(2 * n)
		add(2*n + 1)
		q.pop()()
		want = append(want, n)
	}
	for q.n > 0 {
		q.pop()()
		want = append(want, len(want))
	}
	if q.pop() != nil {
		t.Error("got a task from an empty queue, want none")
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("got task %d at %d, want %d", got[i], i, want[i])
		}
	}
}

func TestBatchIsTakenOnce(t *testing.T) {
	const tasks, workers = 10_000, 4
	var ran [tasks]atomic.Int64
	b := new(batch)
	for n := range tasks {
		b.tasks = append(b.tasks, func() { ran[n].Add(1) })
	}
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for task := b.take(); task != nil; task = b.take() {
				task()
			}
		})
	}
	group.Wait()
	for n := range ran {
		if got := ran[n].Load(); got != 1 {
			t.Fatalf("got %d runs of task %d, want 1", got, n)
		}
	}
}

// A sleeper that gives up just as it is woken says so, and a wake-up is for one sleeper.
func TestLot(t *testing.T) {
	var l lot
	if l.wake() {
		t.Error("got a sleeper in an empty lot, want none")
	}
	first, second := l.join(), l.join()
	if !l.wake() {
		t.Error("got no sleeper, want the first")
	}
	if l.leave(first) {
		t.Error("got true from leave of a sleeper that was woken, want false")
	}
	if !l.leave(second) || l.wake() {
		t.Error("got a sleeper after all have left, want none")
	}
	<-first.woken
	if n := l.sleeping.Load(); n != 0 {
		t.Errorf("got %d sleepers, want 0", n)
	}
}

func TestGate(t *testing.T) {
	g := newGate()
	if !g.enter() {
		t.Fatal("got a shut gate, want an open one")
	}
	shut := make(chan struct{})
	go func() {
		g.shut()
		close(shut)
	}()
	for g.enter() {
		g.leave()
	}
	select {
	case <-shut:
		t.Error("got the end of shut with one inside, want a wait")
	case <-time.After(time.Millisecond):
	}
	g.leave()
	<-shut
	g.shut()
}
