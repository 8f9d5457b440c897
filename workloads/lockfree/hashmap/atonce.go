package hashmap

import (
	"errors"
	"fmt"

	"github.com/contendbench/contend/harness"
	maps "github.com/contendbench/contend/impls/lockfree/hashmap"
)

type setter = maps.Setter[uint64, uint64]

// winner lets all workers LoadOrStore the same keys: one of them stores, and all get its value.
func winner(t *harness.Trial, create New) error {
	return together(t, create, func(c *crowd, id, i int) error {
		number := c.first + i
		got, loaded := c.m.(setter).LoadOrStore(key(number), value(number, uint64(id)))
		c.got[id][i] = result{got, loaded}
		return nil
	}, (*crowd).oneWinner)
}

func (c *crowd) oneWinner() error {
	for i := range batch {
		winners, number := 0, c.first+i
		for id := range c.got {
			got := c.got[id][i]
			if !got.ok {
				winners++
			}
			if numberOf(got.value) != number {
				return foreign(number, got.value)
			}
			if got.value != c.got[0][i].value {
				return fmt.Errorf("two calls of LoadOrStore for key %d returned different values, and nobody deletes", number)
			}
		}
		if winners != 1 {
			return fmt.Errorf("%d of %d calls of LoadOrStore for key %d said that they stored", winners, c.workers, number)
		}
	}
	c.left += batch
	return count(c.m, c.left)
}

// lag is how many keys of its own a worker of ownWrite has in the map.
const lag = 8

var (
	errOwn  = errors.New("a worker did not find what it had just stored or loaded")
	errBack = errors.New("a worker found what it had just deleted")
)

// ownWrite stores and loads. Keys that all come to are never deleted, so what a worker has just stored or been given is
// there; the others are its own, so what it finds is what it did last.
func ownWrite(t *harness.Trial, create New) error {
	return together(t, create, func(c *crowd, id, i int) error {
		if err := c.shared(c.first+i, uint64(id)); err != nil {
			return err
		}
		return c.alone(c.fill+batch*(1+id), i)
	}, func(c *crowd) error {
		c.left += batch
		return count(c.m, c.left)
	})
}

// shared stores a key that all store, one half by LoadOrStore, and loads it.
func (c *crowd) shared(number int, version uint64) error {
	if m, ok := c.m.(setter); ok && number%2 == 0 {
		want, _ := m.LoadOrStore(key(number), value(number, version))
		return own(c.m, number, want)
	}
	c.m.Store(key(number), value(number, version))
	got, ok := c.m.Load(key(number))
	if !ok {
		return errOwn
	}
	if numberOf(got) != number {
		return foreign(number, got)
	}
	return nil
}

// alone stores key i of a worker, and deletes the one that it stored lag keys ago; at the end of the batch all are gone.
func (c *crowd) alone(first, i int) error {
	c.m.Store(key(first+i), value(first+i, uint64(i)))
	if err := own(c.m, first+i, value(first+i, uint64(i))); err != nil {
		return err
	}
	from, to := i-lag, i-lag+1
	if i == batch-1 {
		to = batch
	}
	for old := max(from, 0); old < to; old++ {
		got, ok := c.m.LoadAndDelete(key(first + old))
		if err := same(first+old, got, ok, value(first+old, uint64(old))); err != nil {
			return err
		}
		if _, ok := c.m.Load(key(first + old)); ok {
			return errBack
		}
	}
	return nil
}

func own(m table, number int, want uint64) error {
	got, ok := m.Load(key(number))
	if !ok {
		return errOwn
	}
	return same(number, got, ok, want)
}
