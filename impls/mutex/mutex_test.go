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

	"go.uber.org/goleak"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/mutex"
)

var (
	_ mutex.TryLocker = (*mutex.Channel)(nil)
	_ mutex.TryLocker = (*mutex.Cond)(nil)
	_ mutex.TryLocker = (*mutex.TAS)(nil)
	_ mutex.TryLocker = (*mutex.TTAS)(nil)
	_ mutex.TryLocker = (*mutex.Ticket)(nil)
	_ mutex.TryLocker = (*mutex.MCS)(nil)
	_ mutex.TryLocker = (*mutex.K42)(nil)
	_ mutex.TryLocker = (*mutex.SpinPark)(nil)
	_ mutex.TryLocker = (*mutex.FIFOPark)(nil)
)

// each runs a subtest for every lock that competes, and that a condition holds for.
func each(t *testing.T, holds func(impls.Impl[mutex.New]) bool, test func(*testing.T, impls.Impl[mutex.New])) {
	t.Helper()
	n := 0
	for _, i := range mutex.All() {
		if i.Role == impls.Contender && holds(i) {
			n++
			t.Run(i.Name, func(t *testing.T) { test(t, i) })
		}
	}
	if n == 0 {
		t.Error("no lock was tested")
	}
}

func every(impls.Impl[mutex.New]) bool { return true }

func promise(p impls.Promise) func(impls.Impl[mutex.New]) bool {
	return func(i impls.Impl[mutex.New]) bool { return i.Has(p) }
}

func TestTables(t *testing.T) {
	if err := impls.Check(append(mutex.All(), mutex.Broken()...)); err != nil {
		t.Error(err)
	}
	if err := impls.Check(mutex.Delegates()); err != nil {
		t.Error(err)
	}
}

// A seeded bug differs from its twin in at most five lines; each such line is marked.
func TestBugsAreSmall(t *testing.T) {
	text, err := os.ReadFile("broken.go")
	if err != nil {
		t.Fatal(err)
	}
	bugs := strings.Split(string(text), "\n// ")[1:]
	found := 0
	for _, b := range bugs {
		if !strings.Contains(b, "struct{") {
			continue
		}
		found++
		marked := strings.Count(b, "// bug") + strings.Count(b, "// …")
		if marked < 1 || marked > 5 {
			t.Errorf("%d marked lines in %.60q", marked, b)
		}
	}
	if found != len(mutex.Broken()) {
		t.Errorf("%d bugs in broken.go, %d in the table", found, len(mutex.Broken()))
	}
}

// hammer makes turns under the lock, and returns how many updates of plain data were lost.
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

func TestExclusion(t *testing.T) {
	each(t, every, func(t *testing.T, i impls.Impl[mutex.New]) {
		goroutines, turns := 8, 500
		if i.Name == "ticket-pure" { // every hand-over may cost a time slice
			goroutines, turns = 3, 100
		}
		if lost := hammer(i.New(), goroutines, turns); lost != 0 {
			t.Errorf("%d updates lost", lost)
		}
	})
}

// More goroutines than Anderson has seats, and than eight bits can number.
func TestManyWaiters(t *testing.T) {
	each(t, func(i impls.Impl[mutex.New]) bool { return i.Name != "ticket-pure" }, func(t *testing.T, i impls.Impl[mutex.New]) {
		if lost := hammer(i.New(), 300, 20); lost != 0 {
			t.Errorf("%d updates lost", lost)
		}
	})
}

// With one processor, a waiter that never gave it away would wait for the scheduler at every turn; that
// the test ends is what it asserts.
func TestOneProcessor(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	each(t, func(i impls.Impl[mutex.New]) bool { return i.Name != "ticket-pure" }, func(t *testing.T, i impls.Impl[mutex.New]) {
		if lost := hammer(i.New(), 64, 50); lost != 0 {
			t.Errorf("%d updates lost", lost)
		}
	})
}

func TestDelegates(t *testing.T) {
	for _, i := range mutex.Delegates() {
		if i.Role != impls.Contender || i.Name == "ticket-pure" {
			continue
		}
		t.Run(i.Name, func(t *testing.T) {
			defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
			doer, counter := i.New(), 0
			var group sync.WaitGroup
			for range 8 {
				group.Go(func() {
					for range 500 {
						doer.Do(func() { counter++ })
					}
				})
			}
			group.Wait()
			if counter != 8*500 {
				t.Errorf("%d sections of %d ran", counter, 8*500)
			}
			if owner, ok := doer.(*mutex.Owner); ok {
				if err := owner.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

func TestTryLock(t *testing.T) {
	each(t, promise(impls.Try), func(t *testing.T, i impls.Impl[mutex.New]) {
		lock, ok := i.New().(mutex.TryLocker)
		if !ok {
			t.Fatal("promises TryLock and has none")
		}
		for range 3 {
			if !lock.TryLock() {
				t.Fatal("TryLock of a free lock failed")
			}
			if other(lock.TryLock) {
				t.Fatal("TryLock took a lock that was held")
			}
			lock.Unlock()
			lock.Lock()
			if other(lock.TryLock) {
				t.Fatal("TryLock took a lock that Lock holds")
			}
			lock.Unlock()
		}
	})
}

// other calls f on another goroutine.
func other(f func() bool) bool {
	result := make(chan bool)
	go func() { result <- f() }()
	return <-result
}

// A FIFO lock serves waiters as they came. An arrival cannot be seen from outside, and a waiter may be preempted
// just before it queues: so most rounds, not all, must be in order. A random order is right in one of 24.
func TestFIFO(t *testing.T) {
	const rounds, waiters = 20, 4
	each(t, promise(impls.FIFO), func(t *testing.T, i impls.Impl[mutex.New]) {
		lock, right := i.New(), 0
		for range rounds {
			var got []int
			var group sync.WaitGroup
			lock.Lock()
			for n := range waiters {
				group.Go(func() {
					lock.Lock()
					got = append(got, n)
					lock.Unlock()
				})
				time.Sleep(200 * time.Microsecond)
			}
			lock.Unlock()
			group.Wait()
			if slices.IsSorted(got) {
				right++
			}
		}
		if right < rounds/2 {
			t.Errorf("%d of %d rounds in order", right, rounds)
		}
	})
}

// zeroValues are the locks whose zero value is unlocked.
var zeroValues = map[string]sync.Locker{
	"sync": new(sync.Mutex), "tas": new(mutex.TAS), "ttas": new(mutex.TTAS), "ttas-backoff": new(mutex.TTASBackoff),
	"ticket": new(mutex.Ticket), "ticket-pure": new(mutex.TicketPure), "ticket-backoff": new(mutex.TicketBackoff),
	"anderson": new(mutex.Anderson), "clh": new(mutex.CLH), "mcs": new(mutex.MCS), "k42": new(mutex.K42), "cohort": new(mutex.Cohort),
	"malthusian": new(mutex.Malthusian), "fifo-park": new(mutex.FIFOPark),
}

func TestZeroValue(t *testing.T) {
	each(t, promise(impls.ZeroValue), func(t *testing.T, i impls.Impl[mutex.New]) {
		lock, ok := zeroValues[i.Name]
		if !ok && i.Kind == impls.Library {
			lock = i.New() // its constructor is new
		} else if !ok {
			t.Fatal("promises a usable zero value, and the test knows none")
		}
		if lost := hammer(lock, 2, 50); lost != 0 {
			t.Errorf("%d updates lost", lost)
		}
	})
}

func TestUnlockOfUnlockedPanics(t *testing.T) {
	each(t, promise(impls.PanicsOnMisuse), func(t *testing.T, i impls.Impl[mutex.New]) {
		for _, used := range []bool{false, true} {
			lock := i.New()
			if used {
				hammer(lock, 1, 1)
			}
			func() {
				defer func() {
					if p := recover(); p == nil {
						t.Errorf("no panic; used before: %v", used)
					}
				}()
				lock.Unlock()
			}()
		}
	})
}

const misuseEnv = "MUTEX_TEST_MISUSE"

// Misuse that ends the process is looked at from outside.
func TestUnlockOfUnlockedIsFatal(t *testing.T) {
	if name := os.Getenv(misuseEnv); name != "" {
		for _, i := range mutex.All() {
			if i.Name == name {
				defer func() { recover() }() // a panic would be the broken promise: then the process ends well
				i.New().Unlock()
			}
		}
		return
	}
	each(t, promise(impls.FatalOnMisuse), func(t *testing.T, i impls.Impl[mutex.New]) {
		cmd := exec.Command(os.Args[0], "-test.run=^TestUnlockOfUnlockedIsFatal$")
		cmd.Env = append(os.Environ(), misuseEnv+"="+i.Name)
		if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "unlock of unlocked") {
			t.Errorf("%v\n%s", err, out)
		}
	})
}

// Dice 2017, §4: who was set aside is brought back, so everybody is served in the end.
func TestMalthusianServesEverybody(t *testing.T) {
	lock := new(mutex.Malthusian)
	served := make([]int, 32)
	var group sync.WaitGroup
	for g := range served {
		group.Go(func() {
			for range 300 {
				lock.Lock()
				served[g]++
				lock.Unlock()
			}
		})
	}
	group.Wait()
	for g, n := range served {
		if n != 300 {
			t.Errorf("goroutine %d was served %d times", g, n)
		}
	}
}
