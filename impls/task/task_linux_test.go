package task_test

import (
	"os"
	"strconv"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/task"
)

// threadIDs returns the threads of this process.
func threadIDs(t *testing.T) (ids []int) {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/task")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		id, err := strconv.Atoi(e.Name())
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	return ids
}

// visit runs tasks one after the other, and returns how many ran on each thread.
func visit(t *testing.T, p task.Pool, tasks int, mu *sync.Mutex, seen map[int]int) {
	t.Helper()
	for range tasks {
		ran := make(chan struct{})
		insist(t, p, func() {
			mu.Lock()
			seen[unix.Gettid()]++
			mu.Unlock()
			close(ran)
		})
		<-ran
	}
}

func TestThreadsAreReused(t *testing.T) {
	each(t, func(t *testing.T, i impls.Impl[task.New]) {
		const workers = 3
		p := i.New(workers, 1)
		var mu sync.Mutex
		seen := map[int]int{}
		var here sync.WaitGroup
		here.Add(workers)
		for range workers {
			insist(t, p, func() {
				mu.Lock()
				seen[unix.Gettid()]++
				mu.Unlock()
				here.Done()
				here.Wait()
			})
		}
		here.Wait()
		if len(seen) != workers {
			t.Errorf("got %d threads for tasks that wait for each other, want %d", len(seen), workers)
		}
		visit(t, p, 100, &mu, seen)
		p.Close()
		if len(seen) > workers {
			t.Errorf("got %d threads of %d workers, want no more", len(seen), workers)
		}
	}, task.Threads)
}

// A pool ends its threads with its workers.
func TestNoThreadIsLeft(t *testing.T) {
	each(t, func(t *testing.T, i impls.Impl[task.New]) {
		before := len(threadIDs(t))
		for range 20 {
			p := i.New(8, 1)
			meet(t, p, 8)
			p.Close()
		}
		if !eventually(func() bool { return len(threadIDs(t)) <= before+8 }) {
			t.Errorf("got %d threads, want about the %d of before", len(threadIDs(t)), before)
		}
	}, task.Threads)
}

func TestNoFileIsLeft(t *testing.T) {
	count := func() int {
		entries, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(entries)
	}
	before := count()
	for range 100 {
		p := task.NewEventfd(2, 2)
		meet(t, p, 2)
		p.Close()
	}
	if after := count(); after > before+10 {
		t.Errorf("got %d open files after 100 pools, want about the %d of before", after, before)
	}
}

// Each thread may run on one processor while the pool is open, and all on all afterwards.
func TestPinned(t *testing.T) {
	var all unix.CPUSet
	if err := unix.SchedGetaffinity(0, &all); err != nil {
		t.Fatal(err)
	}
	each(t, func(t *testing.T, i impls.Impl[task.New]) {
		for range 10 {
			p := i.New(3, 3)
			for range 30 {
				insist(t, p, func() {
					var mask unix.CPUSet
					if err := unix.SchedGetaffinity(0, &mask); err != nil || mask.Count() != 1 {
						t.Errorf("got %d processors (%v) in a task, want 1", mask.Count(), err)
					}
				})
			}
			p.Close()
		}
		roams := func() bool {
			for _, id := range threadIDs(t) {
				var mask unix.CPUSet
				if err := unix.SchedGetaffinity(id, &mask); err == nil && mask != all {
					return false
				}
			}
			return true
		}
		if !eventually(roams) {
			t.Error("got a thread that is bound to some processors after Close, want none")
		}
	}, task.Pinned)
}
