package models

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// NoPromise is the bound of a structure that promises none.
const NoPromise = math.MaxInt

// A Walk compares a queue or a stack with a slice, call by call. Its calls come one after
// the other, so nothing excuses a refusal or an empty look.
type Walk[T any] struct {
	Put  func(T) bool
	Take func() (T, bool)
	Draw func(*rand.Rand) T
	Same func(a, b T) bool
	LIFO bool // last in, first out

	// Room is how many values there is room for at least, and Most how many at most. Where
	// they differ, the first refusal must come at one of them, and it settles which. Most 0:
	// there is room for every value. Most NoPromise: it may refuse at any number above Room.
	Room, Most int
	Waits      bool // a call that finds no room or no value would wait, so the walk makes none

	held []T
}

// To puts in and takes out at random until level values are held, or as many as there is
// room for.
func (k *Walk[T]) To(rng *rand.Rand, level int) error {
	for len(k.held) != level {
		towards := rng.IntN(4) > 0
		up := (len(k.held) < level) == towards
		if up && k.Waits && len(k.held) >= k.Room {
			return nil
		}
		if !up && k.Waits && len(k.held) == 0 {
			continue
		}
		if !up {
			if err := k.take(); err != nil {
				return err
			}
			continue
		}
		if took, err := k.put(rng); err != nil || !took {
			return err
		}
	}
	return nil
}

// put reports whether a value went in.
func (k *Walk[T]) put(rng *rand.Rand) (bool, error) {
	v := k.Draw(rng)
	switch n := len(k.held); {
	case k.Put(v):
		k.held = append(k.held, v)
		if k.Most > 0 && n == k.Most {
			return true, fmt.Errorf("it took %d values with room for %d", n+1, k.Most)
		}
		return true, nil
	case k.Most == 0 || n < k.Room:
		return false, fmt.Errorf("it refused a value while it held %d", n)
	case k.Most == NoPromise:
		return false, nil
	case n != k.Room && n != k.Most:
		return false, fmt.Errorf("it has room for %d values, want %d or %d", n, k.Room, k.Most)
	default:
		k.Room, k.Most = n, n
		return false, nil
	}
}

// take takes a value out and compares it.
func (k *Walk[T]) take() error {
	got, ok := k.Take()
	n := len(k.held)
	if n == 0 {
		if ok {
			return fmt.Errorf("%s came out when it was empty", show(got))
		}
		return nil
	}
	at := 0
	if k.LIFO {
		at = n - 1
	}
	want := k.held[at]
	if !ok {
		return fmt.Errorf("nothing came out while it held %d values", n)
	}
	if !k.Same(got, want) {
		return fmt.Errorf("%s came out in place of %s, when it held %d values", show(got), show(want), n)
	}
	if k.LIFO {
		k.held = k.held[:at]
	} else {
		k.held = k.held[1:]
	}
	return nil
}

// Drain takes everything out, and then once more.
func (k *Walk[T]) Drain() error {
	for len(k.held) > 0 {
		if err := k.take(); err != nil {
			return err
		}
	}
	if k.Waits {
		return nil
	}
	return k.take()
}
