package hashmap

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"

	maps "github.com/contendbench/contend/impls/lockfree/hashmap"
)

// A sequence compares a map with Go's, call by call. The calls come one after the other.
type sequence[K comparable, V any] struct {
	m    maps.Map[K, V]
	want map[K]V
	rng  *rand.Rand
	keys []K
	draw func(*rand.Rand) V
	same func(a, b V) bool
	nan  func(K) bool // the key is equal to none, not even to itself

	misplaced atomic.Bool // a Range made two calls at once, or one after its end
}

// callsPerKey is how many random calls a sequence makes for each key.
const callsPerKey = 3

// play makes random calls, ranges over the map in all ways, and removes every key.
func (s *sequence[K, V]) play() error {
	for range callsPerKey * len(s.keys) {
		if err := s.call(s.keys[s.rng.IntN(len(s.keys))], s.rng.IntN(4)); err != nil {
			return err
		}
	}
	for _, visit := range []func() error{s.visitAll, s.visitSome, s.visitAndPanic, s.visitAll, s.count} {
		if err := visit(); err != nil {
			return err
		}
	}
	for _, k := range s.keys {
		if err := s.call(k, 2); err != nil {
			return err
		}
	}
	if err := s.visitAll(); err != nil {
		return err
	}
	return s.count()
}

// visit is a Range. It notes calls that come while another one is in progress, or after
// the end.
func (s *sequence[K, V]) visit(f func(K, V) bool) {
	var inside, over atomic.Bool
	defer over.Store(true)
	s.m.Range(func(k K, v V) bool {
		if over.Load() || inside.Swap(true) {
			s.misplaced.Store(true)
			return false
		}
		defer inside.Store(false)
		return f(k, v)
	})
}

// call makes one call for a key.
func (s *sequence[K, V]) call(k K, which int) error {
	old, there := s.want[k]
	var got V
	var ok bool
	name := "Load"
	setter, sets := s.m.(maps.Setter[K, V])
	switch {
	case which == 0:
		got, ok = s.m.Load(k)
	case which == 2:
		name = "LoadAndDelete"
		got, ok = s.m.LoadAndDelete(k)
		delete(s.want, k)
	case which == 3 && sets:
		name = "LoadOrStore"
		v := s.draw(s.rng)
		if !there {
			old, s.want[k] = v, v
		}
		got, ok = setter.LoadOrStore(k, v)
		if !ok && !there && !s.same(got, v) {
			return fmt.Errorf("LoadOrStore of %v stored %.40q and returned %.40q", k, fmt.Sprint(v), fmt.Sprint(got))
		}
	default:
		v := s.draw(s.rng)
		s.m.Store(k, v)
		s.want[k] = v
		return nil
	}
	if ok != there || ok && !s.same(got, old) {
		return fmt.Errorf("%s of key %.40q returned %.40q, %t, want %.40q, %t, and no other call was in progress",
			name, fmt.Sprint(k), fmt.Sprint(got), ok, fmt.Sprint(old), there)
	}
	return nil
}

// visitAll is a Range over all keys.
func (s *sequence[K, V]) visitAll() (err error) {
	seen, visits := map[K]bool{}, 0
	s.visit(func(k K, v V) bool {
		visits++
		want, there := s.want[k]
		switch {
		case s.nan(k):
		case !there || !s.same(v, want):
			err = fmt.Errorf("a Range visited key %.40q with %.40q, want %.40q, %t",
				fmt.Sprint(k), fmt.Sprint(v), fmt.Sprint(want), there)
		case seen[k]:
			err = fmt.Errorf("a Range visited key %.40q twice", fmt.Sprint(k))
		}
		seen[k] = true
		return err == nil
	})
	switch {
	case err != nil:
	case s.misplaced.Load():
		err = errors.New("a Range made two calls at once, or one after it had returned")
	case visits != len(s.want):
		err = fmt.Errorf("a Range visited %d of %d keys, and no other call was in progress", visits, len(s.want))
	}
	return err
}

// visitSome is a Range that ends early. The map must work for another goroutine
// afterwards.
func (s *sequence[K, V]) visitSome() error {
	if len(s.want) == 0 {
		return nil
	}
	visits, last := 0, 1+s.rng.IntN(len(s.want))
	s.visit(func(K, V) bool {
		visits++
		return visits < last
	})
	if visits != last {
		return fmt.Errorf("a Range made %d calls, and the call with number %d returned false", visits, last)
	}
	return s.elsewhere()
}

// visitAndPanic is a Range whose function panics.
func (s *sequence[K, V]) visitAndPanic() error {
	if len(s.want) == 0 {
		return nil
	}
	visits, last := 0, 1+s.rng.IntN(len(s.want))
	caught := func() (caught any) {
		defer func() { caught = recover() }()
		s.visit(func(K, V) bool {
			if visits++; visits == last {
				panic(last)
			}
			return true
		})
		return nil
	}()
	if caught != last || visits != last {
		return fmt.Errorf("a Range made %d calls, the call with number %d panicked, and %v came out", visits, last, caught)
	}
	return s.elsewhere()
}

// elsewhere makes calls on another goroutine: a lock that was left behind stops it.
func (s *sequence[K, V]) elsewhere() error {
	done := make(chan error)
	go func() {
		for _, k := range s.keys[:min(len(s.keys), callsElsewhere)] {
			for which := range 4 {
				if err := s.call(k, which); err != nil {
					done <- err
					return
				}
			}
		}
		done <- nil
	}()
	return <-done
}

// callsElsewhere is enough for keys of every shard.
const callsElsewhere = 300

// count compares the Len of a map that has one.
func (s *sequence[K, V]) count() error {
	c, ok := s.m.(maps.Counted[K, V])
	if ok && c.Len() != len(s.want) {
		return fmt.Errorf("the Len of a map of %d keys is %d", len(s.want), c.Len())
	}
	return nil
}
