package distlock

import (
	"slices"
	"sync/atomic"
	"time"
)

// baton measures hand-overs: from the begin of one client's release to the return of another one's acquisition.
type baton struct {
	left atomic.Int64 // when the last one began to release, ns since epoch; 0: nobody has
	last atomic.Int64 // who that was
}

var epoch = time.Now()

// drops says that a client begins to release.
func (b *baton) drops(client int) {
	b.last.Store(int64(client))
	b.left.Store(int64(time.Since(epoch)))
}

// taken returns how long the hand-over to a client took that has just acquired; 0: it had the key before, or nobody had.
func (b *baton) taken(client int) time.Duration {
	left := b.left.Load()
	if left == 0 || b.last.Load() == int64(client) {
		return 0
	}
	return time.Since(epoch) - time.Duration(left)
}

// mostHanded is how many hand-overs a client keeps, the last ones.
const mostHanded = 1024

// handed is the hand-overs to one client.
type handed struct {
	took []time.Duration
	n    int
}

func (h *handed) add(took time.Duration) {
	if took <= 0 {
		return
	}
	if len(h.took) < mostHanded {
		h.took = append(h.took, took)
	} else {
		h.took[h.n%mostHanded] = took
	}
	h.n++
}

// medianOf is that of all clients; ok is false if there was no hand-over.
func medianOf(all []handed) (median time.Duration, ok bool) {
	var took []time.Duration
	for _, h := range all {
		took = append(took, h.took...)
	}
	if len(took) == 0 {
		return 0, false
	}
	slices.Sort(took)
	return took[len(took)/2], true
}
