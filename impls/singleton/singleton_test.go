package singleton_test

import (
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/implstest"
	"github.com/contendbench/contend/impls/singleton"
)

type contender = impls.Impl[singleton.New[int]]

func TestTables(t *testing.T) {
	implstest.Tables(t, singleton.All[int](), singleton.Broken[int](), "broken.go")
}

func TestTheSameValueForAll(t *testing.T) {
	implstest.Each(t, singleton.All[int](), func(t *testing.T, i contender) {
		runs := 0
		s := i.New(func() (*int, error) { runs++; v := runs; return &v, nil })
		for range 3 {
			v, err := s.Get()
			if err != nil || v == nil {
				t.Fatalf("got %v, error %v, want the value, nil", v, err)
			}
			if *v != 1 {
				t.Fatalf("got the value of run %d, want that of run 1", *v)
			}
		}
	})
}

// An error is kept or tried again, as promised, and never lost.
func TestErrors(t *testing.T) {
	failed := errors.New("failed")
	implstest.Each(t, singleton.All[int](), func(t *testing.T, i contender) {
		runs := 0
		s := i.New(func() (*int, error) {
			runs++
			if runs == 1 {
				return nil, failed
			}
			return &runs, nil
		})
		if _, err := s.Get(); !errors.Is(err, failed) {
			t.Fatalf("got error %v from the first call, want %v", err, failed)
		}
		v, err := s.Get()
		if got, want := err == nil && v != nil, i.Has(singleton.RetriesErrors); got != want {
			t.Errorf("got %v, error %v from the second call: got a retry %v, want %v", v, err, got, want)
		}
	})
}

// A value that comes with an error is no value, now and later.
func TestAValueWithAnErrorIsDropped(t *testing.T) {
	failed := errors.New("failed")
	implstest.Each(t, singleton.All[int](), func(t *testing.T, i contender) {
		runs := 0
		s := i.New(func() (*int, error) {
			v := 0
			if runs++; runs == 1 {
				return &v, failed
			}
			return &runs, nil
		})
		if v, err := s.Get(); v != nil || !errors.Is(err, failed) {
			t.Errorf("got %v, error %v from the first call, want nil, %v", v, err, failed)
		}
		switch v, err := s.Get(); {
		case i.Has(singleton.RetriesErrors) && v != &runs:
			t.Errorf("got %v, error %v from the second call, want the value of the second run", v, err)
		case !i.Has(singleton.RetriesErrors) && (v != nil || !errors.Is(err, failed)):
			t.Errorf("got %v, error %v from the second call, want nil, %v", v, err, failed)
		}
	})
}

func TestNeitherAValueNorAnError(t *testing.T) {
	implstest.Each(t, singleton.All[int](), func(t *testing.T, i contender) {
		s := i.New(func() (*int, error) { return nil, nil })
		for range 2 {
			if v, err := s.Get(); v != nil || !errors.Is(err, singleton.ErrNothing) {
				t.Errorf("got %v, error %v, want nil, ErrNothing", v, err)
			}
		}
	})
}

// A caller whose shared run failed gets its error alone, even if another run has built
// the value since.
func TestNoCallerGetsBoth(t *testing.T) {
	failed := errors.New("failed")
	implstest.Each(t, singleton.All[int](), func(t *testing.T, i contender) {
		for range 500 {
			var runs atomic.Int32
			value := 1
			s := i.New(func() (*int, error) {
				if runs.Add(1) == 1 {
					runtime.Gosched()
					return nil, failed
				}
				return &value, nil
			})
			var group sync.WaitGroup
			for range 4 {
				group.Go(func() {
					if v, err := s.Get(); (v == nil) == (err == nil) {
						t.Errorf("got %v with error %v, want one of them", v, err)
					}
				})
			}
			group.Wait()
		}
	})
}

// An initializer that ends its goroutine leaves nothing locked.
func TestGoexit(t *testing.T) {
	implstest.Each(t, singleton.All[int](), func(t *testing.T, i contender) {
		value, runs := 1, 0
		var s singleton.Singleton[int]
		apart := func(f func()) {
			var group sync.WaitGroup
			group.Go(func() {
				defer func() {
					if p := recover(); p != nil && i.Has(singleton.RetriesPanics) {
						t.Errorf("got panic %v, want none", p)
					}
				}()
				f()
			})
			group.Wait()
		}
		initialize := func() (*int, error) {
			if runs++; runs == 1 {
				runtime.Goexit()
			}
			return &value, nil
		}
		apart(func() {
			s = i.New(initialize)
			_, err := s.Get()
			t.Errorf("got error %v of a call whose initializer ended its goroutine, want no return", err)
		})
		again := i.Has(singleton.RetriesPanics)
		if s == nil { // the constructor runs the initializer, and a new one must work
			again = true
			apart(func() { s = i.New(initialize) })
		}
		var got *int
		apart(func() { got, _ = s.Get() })
		if again && got != &value {
			t.Errorf("got %v from the second call, want the value of a new run", got)
		}
	})
}
