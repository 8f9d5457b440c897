package rwlock_test

import (
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/implstest"
	"github.com/contendbench/contend/impls/rwlock"
)

func TestTables(t *testing.T) { implstest.Tables(t, rwlock.All(), rwlock.Broken(), "broken.go") }

func TestWritersExcludeEachOther(t *testing.T) {
	implstest.Each(t, rwlock.All(), func(t *testing.T, i impls.Impl[rwlock.New]) {
		const workers, turns = 8, 500
		lock, n := i.New(), 0
		var group sync.WaitGroup
		for range workers {
			group.Go(func() {
				for range turns {
					lock.Lock()
					n++
					lock.Unlock()
					token := lock.RLock()
					if n == 0 {
						t.Error("got 0 as a reader, want the number that was written before")
					}
					lock.RUnlock(token)
				}
			})
		}
		group.Wait()
		if n != workers*turns {
			t.Errorf("got %d writes, want %d", n, workers*turns)
		}
	})
}

// Many readers are inside, and then a writer: each token must lead to where its reader
// counted itself.
func TestReadersAreInsideTogether(t *testing.T) {
	implstest.Each(t, rwlock.All(), func(_ *testing.T, i impls.Impl[rwlock.New]) {
		lock := i.New()
		for range 3 {
			var tokens []rwlock.Token
			for range 100 {
				tokens = append(tokens, lock.RLock())
			}
			for _, token := range tokens {
				lock.RUnlock(token)
			}
			lock.Lock()
			//lint:ignore SA2001 that Lock returns is what is tested
			lock.Unlock()
		}
	}, rwlock.SharedReaders)
}

// misuses are calls that no holder makes, each after what is done before it.
var misuses = map[string]struct{ before, misuse, after func(rwlock.RWLocker) }{
	"Unlock":  {misuse: func(l rwlock.RWLocker) { l.Unlock() }},
	"RUnlock": {misuse: func(l rwlock.RWLocker) { l.RUnlock(nil) }},
	"Unlock-beside-reader": {
		before: func(l rwlock.RWLocker) { l.RLock() },
		misuse: func(l rwlock.RWLocker) { l.Unlock() },
		after:  func(l rwlock.RWLocker) { l.RUnlock(nil) },
	},
	"RUnlock-beside-writer": {
		before: func(l rwlock.RWLocker) { l.Lock() },
		misuse: func(l rwlock.RWLocker) { l.RUnlock(nil) },
		after:  func(l rwlock.RWLocker) { l.Unlock() },
	},
}

// A panic leaves the lock as it was: whoever is inside can leave, and others can enter.
func TestMisusePanics(t *testing.T) {
	implstest.Each(t, rwlock.All(), func(t *testing.T, i impls.Impl[rwlock.New]) {
		for name, m := range misuses {
			lock := i.New()
			if m.before != nil {
				m.before(lock)
			}
			func() {
				defer func() {
					if recover() == nil {
						t.Errorf("%s: got no panic, want one", name)
					}
				}()
				m.misuse(lock)
			}()
			done := make(chan struct{})
			go func() {
				defer close(done)
				if m.after != nil {
					m.after(lock)
				}
				lock.Lock()
				//lint:ignore SA2001 that Lock returns is what is tested
				lock.Unlock()
				lock.RUnlock(lock.RLock())
			}()
			select {
			case <-done:
			case <-time.After(10 * time.Second):
				t.Errorf("%s: got a lock that stays locked after the panic, want it as before", name)
			}
		}
	}, impls.PanicsOnMisuse)
}

const misuseEnv = "RWLOCK_TEST_MISUSE"

// Misuse that ends the process is observed from another process.
func TestMisuseIsFatal(t *testing.T) {
	if name, misuse, ok := strings.Cut(os.Getenv(misuseEnv), " "); ok {
		for _, i := range rwlock.All() {
			if i.Name == name {
				defer func() { recover() }() // a panic breaks the promise: then the process exits with 0
				lock, m := i.New(), misuses[misuse]
				if m.before != nil {
					m.before(lock)
				}
				m.misuse(lock)
			}
		}
		return
	}
	implstest.Each(t, rwlock.All(), func(t *testing.T, i impls.Impl[rwlock.New]) {
		for misuse := range misuses {
			t.Run(misuse, func(t *testing.T) {
				cmd := exec.Command(os.Args[0], "-test.run=^TestMisuseIsFatal$")
				cmd.Env = append(os.Environ(), misuseEnv+"="+i.Name+" "+misuse)
				out, err := cmd.CombinedOutput()
				if err == nil || !strings.Contains(strings.ToLower(string(out)), "unlock of unlocked") {
					t.Errorf("got error %v and output %q, want a fatal %s of an unlocked lock", err, out, misuse)
				}
			})
		}
	}, impls.FatalOnMisuse)
}
