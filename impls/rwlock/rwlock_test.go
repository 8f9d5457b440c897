package rwlock_test

import (
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/rwlock"
)

func each(t *testing.T, p impls.Promise, test func(*testing.T, rwlock.New)) {
	t.Helper()
	n := 0
	for _, i := range rwlock.All() {
		if i.Role == impls.Contender && (p == "" || i.Has(p)) {
			n++
			t.Run(i.Name, func(t *testing.T) { test(t, i.New) })
		}
	}
	if n == 0 {
		t.Error("no lock was tested")
	}
}

func TestTables(t *testing.T) {
	if err := impls.Check(append(rwlock.All(), rwlock.Broken()...)); err != nil {
		t.Error(err)
	}
}

func TestWritersExcludeEachOther(t *testing.T) {
	each(t, "", func(t *testing.T, newLock rwlock.New) {
		const workers, turns = 8, 500
		lock, n := newLock(), 0
		var group sync.WaitGroup
		for range workers {
			group.Go(func() {
				for range turns {
					lock.Lock()
					n++
					lock.Unlock()
					token := lock.RLock()
					if n == 0 {
						t.Error("a reader does not see what was written")
					}
					lock.RUnlock(token)
				}
			})
		}
		group.Wait()
		if n != workers*turns {
			t.Errorf("%d of %d writes were kept", n, workers*turns)
		}
	})
}

// Many readers inside, and then a writer: every token must be given back where it was taken.
func TestReadersAreInsideTogether(t *testing.T) {
	each(t, impls.SharedReaders, func(t *testing.T, newLock rwlock.New) {
		lock := newLock()
		for range 3 {
			var tokens []rwlock.Token
			for range 100 {
				tokens = append(tokens, lock.RLock())
			}
			for _, token := range tokens {
				lock.RUnlock(token)
			}
			lock.Lock()
			//lint:ignore SA2001 that it returns is what is tested
			lock.Unlock()
		}
	})
}

func TestMisusePanics(t *testing.T) {
	each(t, impls.PanicsOnMisuse, func(t *testing.T, newLock rwlock.New) {
		for name, misuse := range map[string]func(rwlock.RWLocker){
			"Unlock":  func(l rwlock.RWLocker) { l.Unlock() },
			"RUnlock": func(l rwlock.RWLocker) { l.RUnlock(nil) },
		} {
			func() {
				defer func() {
					if recover() == nil {
						t.Errorf("%s of an unlocked lock did not panic", name)
					}
				}()
				misuse(newLock())
			}()
		}
	})
}

const misuseEnv = "RWLOCK_TEST_MISUSE"

// Misuse that ends the process is looked at from outside.
func TestMisuseIsFatal(t *testing.T) {
	if name, misuse, ok := strings.Cut(os.Getenv(misuseEnv), " "); ok {
		for _, i := range rwlock.All() {
			if i.Name == name {
				defer func() { recover() }() // a panic would be the broken promise: then the process ends well
				lock := i.New()
				if misuse == "Unlock" {
					lock.Unlock()
				}
				lock.RUnlock(nil)
			}
		}
		return
	}
	for _, i := range rwlock.All() {
		if !i.Has(impls.FatalOnMisuse) {
			continue
		}
		for _, misuse := range []string{"Unlock", "RUnlock"} {
			t.Run(i.Name+"/"+misuse, func(t *testing.T) {
				cmd := exec.Command(os.Args[0], "-test.run=^TestMisuseIsFatal$")
				cmd.Env = append(os.Environ(), misuseEnv+"="+i.Name+" "+misuse)
				if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(strings.ToLower(string(out)), "unlock of unlocked") {
					t.Errorf("%v\n%s", err, out)
				}
			})
		}
	}
}
