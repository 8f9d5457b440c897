package hashmap

import (
	"errors"
	"fmt"

	maps "github.com/contendbench/contend/impls/lockfree/hashmap"
)

type (
	table  = maps.Map[uint64, uint64]
	setter = maps.Setter[uint64, uint64]
)

// key is the key of a number. Distinct numbers have distinct keys, and the keys of
// neighbors are far apart.
func key(number int) uint64 { return uint64(number) * 0x9e3779b97f4a7c15 }

// versionBits are the low bits of a value, which distinguish it from others of its key.
// The bits above them are the key's number.
const versionBits = 40

func value(number int, version uint64) uint64 { return uint64(number)<<versionBits | version }

func numberOf(value uint64) int { return int(value >> versionBits) }

func versionOf(value uint64) uint64 { return value & (1<<versionBits - 1) }

var errLost = errors.New("a key that is in the map was not found")

func foreign(number int, got uint64) error {
	return fmt.Errorf("key %d has a value of key %d", number, numberOf(got))
}

// expect returns an error unless the map has the value for the number's key.
func expect(m table, number int, want uint64) error {
	got, ok := m.Load(key(number))
	return same(number, got, ok, want)
}

// same returns an error unless a call for the number's key returned the value.
func same(number int, got uint64, ok bool, want uint64) error {
	switch {
	case got == want && ok:
		return nil
	case !ok:
		return errLost
	case numberOf(got) != number:
		return foreign(number, got)
	}
	return fmt.Errorf("key %d has the value of version %d, and its only writer wrote version %d",
		number, versionOf(got), versionOf(want))
}

// count returns an error unless Range visits that many keys, and Len returns as many if
// the map has it.
func count(m table, want int) error {
	seen := 0
	m.Range(func(uint64, uint64) bool {
		seen++
		return true
	})
	if seen != want {
		return fmt.Errorf("a Range visited %d of %d keys while no goroutine changed the map", seen, want)
	}
	if s, ok := m.(maps.Counted[uint64, uint64]); ok && s.Len() != want {
		return fmt.Errorf("the Len of a map of %d keys is %d", want, s.Len())
	}
	return nil
}
