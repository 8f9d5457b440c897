package mutex_test

import (
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/implstest"
	"github.com/contendbench/contend/impls/mutex"
)

func TestTables(t *testing.T) { implstest.Tables(t, mutex.All(), mutex.Broken(), "broken.go") }

// hammer takes the lock again and again, and returns how many updates of plain data were
// lost.
func hammer(lock sync.Locker, goroutines, turns int) int {
	counter := 0
	var group sync.WaitGroup
	for range goroutines {
		group.Go(func() {
			for range turns {
				lock.Lock()
				counter++
				lock.Unlock()
			}
		})
	}
	group.Wait()
	return goroutines*turns - counter
}

// excludes fails the test if the lock loses updates.
func excludes(t *testing.T, lock sync.Locker, goroutines, turns int) {
	t.Helper()
	if lost := hammer(lock, goroutines, turns); lost != 0 {
		t.Errorf("got %d lost updates of %d, want 0", lost, goroutines*turns)
	}
}

func TestExclusion(t *testing.T) {
	implstest.Each(t, mutex.All(), func(t *testing.T, i impls.Impl[mutex.New]) {
		goroutines, turns := 8, 500
		if i.Limits.Crowd > 0 { // every hand-over may take a time slice
			goroutines, turns = 3, 100
		}
		excludes(t, i.New(), goroutines, turns)
	})
}

// eachInACrowd runs test for every lock that a crowd may use.
func eachInACrowd(t *testing.T, test func(*testing.T, impls.Impl[mutex.New])) {
	t.Helper()
	crowded := slices.DeleteFunc(mutex.All(), func(i impls.Impl[mutex.New]) bool { return i.Limits.Crowd > 0 })
	implstest.Each(t, crowded, test)
}

// More goroutines than Anderson has seats, and than eight bits can number.
func TestManyWaiters(t *testing.T) {
	eachInACrowd(t, func(t *testing.T, i impls.Impl[mutex.New]) { excludes(t, i.New(), 300, 20) })
}

// On one processor, a waiter that never yields would wait for the scheduler at every
// turn. The test asserts that it ends.
func TestOneProcessor(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	eachInACrowd(t, func(t *testing.T, i impls.Impl[mutex.New]) { excludes(t, i.New(), 64, 50) })
}

func TestTryLock(t *testing.T) {
	implstest.Each(t, mutex.All(), func(t *testing.T, i impls.Impl[mutex.New]) {
		lock, ok := i.New().(mutex.TryLocker)
		if !ok {
			t.Fatalf("got a %T without TryLock, want a mutex.TryLocker", i.New())
		}
		for range 3 {
			if !lock.TryLock() {
				t.Fatal("got false from TryLock of a free lock, want true")
			}
			if onAnother(lock.TryLock) {
				t.Fatal("got true from TryLock of a lock that TryLock holds, want false")
			}
			lock.Unlock()
			lock.Lock()
			if onAnother(lock.TryLock) {
				t.Fatal("got true from TryLock of a lock that Lock holds, want false")
			}
			lock.Unlock()
		}
	}, impls.Try)
}

// onAnother calls f on another goroutine.
func onAnother(f func() bool) bool {
	result := make(chan bool)
	go func() { result <- f() }()
	return <-result
}

// A FIFO lock serves waiters in order of arrival. An arrival cannot be seen from outside,
// and a waiter may be preempted just before it queues up. So most rounds, not all, must
// be in order. A random order is right in one round of 24.
func TestFIFO(t *testing.T) {
	const rounds, waiters = 20, 4
	implstest.Each(t, mutex.All(), func(t *testing.T, i impls.Impl[mutex.New]) {
		lock, ordered := i.New(), 0
		for range rounds {
			var served []int
			var group sync.WaitGroup
			lock.Lock()
			for n := range waiters {
				group.Go(func() {
					lock.Lock()
					served = append(served, n)
					lock.Unlock()
				})
				time.Sleep(200 * time.Microsecond)
			}
			lock.Unlock()
			group.Wait()
			if slices.IsSorted(served) {
				ordered++
			}
		}
		if ordered < rounds/2 {
			t.Errorf("got %d of %d rounds in order, want at least %d", ordered, rounds, rounds/2)
		}
	}, impls.FIFO)
}

// zeroValues are the locks whose zero value is unlocked.
var zeroValues = map[string]sync.Locker{
	"sync": new(sync.Mutex), "tas": new(mutex.TAS), "ttas": new(mutex.TTAS), "ttas-backoff": new(mutex.TTASBackoff),
	"ticket": new(mutex.Ticket), "ticket-pure": new(mutex.TicketPure), "ticket-backoff": new(mutex.TicketBackoff),
	"anderson": new(mutex.Anderson), "clh": new(mutex.CLH), "mcs": new(mutex.MCS), "k42": new(mutex.K42),
	"cohort": new(mutex.Cohort), "malthusian": new(mutex.Malthusian), "fifo-park": new(mutex.FIFOPark),
}

func TestZeroValue(t *testing.T) {
	implstest.Each(t, mutex.All(), func(t *testing.T, i impls.Impl[mutex.New]) {
		lock, ok := zeroValues[i.Name]
		if !ok && i.Kind == impls.Library {
			lock = i.New() // its constructor is new
		} else if !ok {
			t.Fatal("got no zero value in the test, want one of each lock that promises it")
		}
		excludes(t, lock, 2, 50)
	}, impls.ZeroValue)
}

func TestUnlockOfUnlockedPanics(t *testing.T) {
	implstest.Each(t, mutex.All(), func(t *testing.T, i impls.Impl[mutex.New]) {
		for _, used := range []bool{false, true} {
			lock := i.New()
			if used {
				hammer(lock, 1, 1)
			}
			func() {
				defer func() {
					if recover() == nil {
						t.Errorf("got no panic from Unlock of an unlocked lock (used before: %v), want one", used)
					}
				}()
				lock.Unlock()
			}()
		}
	}, impls.PanicsOnMisuse)
}

const misuseEnv = "MUTEX_TEST_MISUSE"

// Misuse that ends the process is observed from another process.
func TestUnlockOfUnlockedIsFatal(t *testing.T) {
	if name := os.Getenv(misuseEnv); name != "" {
		for _, i := range mutex.All() {
			if i.Name == name {
				defer func() { recover() }() // a panic breaks the promise: then the process exits with 0
				i.New().Unlock()
			}
		}
		return
	}
	implstest.Each(t, mutex.All(), func(t *testing.T, i impls.Impl[mutex.New]) {
		cmd := exec.Command(os.Args[0], "-test.run=^TestUnlockOfUnlockedIsFatal$")
		cmd.Env = append(os.Environ(), misuseEnv+"="+i.Name)
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), "unlock of unlocked") {
			t.Errorf("got error %v and output %q, want a fatal unlock of an unlocked lock", err, out)
		}
	}, impls.FatalOnMisuse)
}

// Dice 2017, §4: a waiter that was set aside is brought back, so every waiter is served.
func TestMalthusianServesEveryWaiter(t *testing.T) {
	const turns = 300
	lock := new(mutex.Malthusian)
	served := make([]int, 32)
	var group sync.WaitGroup
	for g := range served {
		group.Go(func() {
			for range turns {
				lock.Lock()
				served[g]++
				lock.Unlock()
			}
		})
	}
	group.Wait()
	for g, n := range served {
		if n != turns {
			t.Errorf("got %d turns of goroutine %d, want %d", n, g, turns)
		}
	}
}
