package rwlock

import "github.com/contendbench/contend/impls"

// Shared is a record of a number of words that many read and some change: the data level of this contract.
type Shared interface {
	// Load returns the words as they stand at one instant: in into, which has room for all of them, or in memory that nobody
	// will change. The caller owns into, and must not write to what is returned.
	Load(into []uint64) []uint64
	// Update lets change write to the words in place, alone. They are change's own until it returns, and it must not panic.
	Update(change func(words []uint64))
}

// NewShared makes a record of words that are 0.
type NewShared = func(words int) Shared

// Guarded is a record under a lock. A reader copies the words and so holds the lock no longer than that takes.
type Guarded struct {
	lock  RWLocker
	words []uint64
}

// Guard returns the locks of a table as records under their own names, each guarded by the lock.
func Guard(table []impls.Impl[New]) []impls.Impl[NewShared] {
	var rows []impls.Impl[NewShared]
	for _, i := range table {
		rows = append(rows, impls.With(i, func(words int) Shared { return &Guarded{i.New(), make([]uint64, words)} }))
	}
	return rows
}

// Load copies the words as a reader.
func (g *Guarded) Load(into []uint64) []uint64 {
	token := g.lock.RLock()
	n := copy(into, g.words)
	g.lock.RUnlock(token)
	return into[:n]
}

// Update changes the words as a writer.
func (g *Guarded) Update(change func([]uint64)) {
	g.lock.Lock()
	change(g.words)
	g.lock.Unlock()
}
