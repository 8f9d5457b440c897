package singleton_test

import (
	"errors"
	"testing"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/singleton"
)

func TestTables(t *testing.T) {
	if err := impls.Check(append(singleton.All[int](), singleton.Broken[int]()...)); err != nil {
		t.Error(err)
	}
}

func TestTheSameValueForAll(t *testing.T) {
	for _, i := range singleton.All[int]() {
		t.Run(i.Name, func(t *testing.T) {
			runs := 0
			s := i.New(func() (*int, error) { runs++; v := runs; return &v, nil })
			for range 3 {
				if v, err := s.Get(); err != nil || v == nil || *v != 1 {
					t.Fatalf("got %v, %v", v, err)
				}
			}
		})
	}
}

// An error is kept or tried again, as promised, and never lost.
func TestErrors(t *testing.T) {
	failed := errors.New("failed")
	for _, i := range singleton.All[int]() {
		t.Run(i.Name, func(t *testing.T) {
			runs := 0
			s := i.New(func() (*int, error) {
				runs++
				if runs == 1 {
					return nil, failed
				}
				return &runs, nil
			})
			if _, err := s.Get(); !errors.Is(err, failed) {
				t.Fatalf("the first call says %v", err)
			}
			v, err := s.Get()
			if retries := err == nil && v != nil; retries != i.Has(impls.RetriesErrors) {
				t.Errorf("the second call got %v, %v, with the promises %v", v, err, i.Promises)
			}
		})
	}
}
