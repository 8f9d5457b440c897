package distlock

import (
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls/cpu"
	"github.com/contendbench/contend/results"
)

var handoverTime = harness.Metric{
	Unit: "handover-ns", Better: harness.Lower, About: "median time from a release until another client has the key",
}

// lastRelease is when a key was last released, and by which client. It is atomic only
// because a lock between processes promises nothing about memory.
type lastRelease struct {
	at     atomic.Int64 // ns since epoch; 0: never
	client atomic.Int64
	_      [cpu.Line - 16]byte
}

var epoch = time.Now()

// by notes that a client releases the key now.
func (r *lastRelease) by(client int) {
	r.client.Store(int64(client))
	r.at.Store(int64(time.Since(epoch)))
}

// since returns how long ago another client released the key that a client has just
// acquired. 0: no other client held it last.
func (r *lastRelease) since(client int) time.Duration {
	at := r.at.Load()
	if at == 0 || r.client.Load() == int64(client) {
		return 0
	}
	return time.Since(epoch) - time.Duration(at)
}

// maxHandovers is how many hand-overs a client keeps: the last ones.
const maxHandovers = 1024

// handovers is the hand-overs to one client.
type handovers struct {
	ns []float64
	n  int
}

func (h *handovers) add(took time.Duration) {
	if took <= 0 {
		return
	}
	if len(h.ns) < maxHandovers {
		h.ns = append(h.ns, float64(took))
	} else {
		h.ns[h.n%maxHandovers] = float64(took)
	}
	h.n++
}

// medianOf is the median of all clients, in ns. ok is false if there was no hand-over.
func medianOf(all []handovers) (median float64, ok bool) {
	var ns []float64
	for _, h := range all {
		ns = append(ns, h.ns...)
	}
	if len(ns) == 0 {
		return 0, false
	}
	return results.Median(ns), true
}
