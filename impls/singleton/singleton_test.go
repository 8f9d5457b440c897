package singleton_test

import (
	"errors"
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
