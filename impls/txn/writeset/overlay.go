package writeset

// An Overlay visits stored values as a transaction sees them: with its own writes in place
// of, and between, what is stored.
type Overlay struct {
	own     []Write
	visit   func(key uint64, value []byte) bool
	stopped bool
}

// Over starts a visit of the keys from first to last, both included. The set must not
// change until its end.
func (s *Set) Over(first, last uint64, visit func(key uint64, value []byte) bool) *Overlay {
	return &Overlay{own: s.Between(first, last), visit: visit}
}

// Stored takes the next stored key, in ascending order. It returns false when the visitor
// wants no more. A nil value is no value.
func (o *Overlay) Stored(key uint64, value []byte) bool {
	for len(o.own) > 0 && o.own[0].Key < key {
		if !o.emit(o.own[0]) {
			return false
		}
		o.own = o.own[1:]
	}
	w := Write{key, value}
	if len(o.own) > 0 && o.own[0].Key == key {
		w, o.own = o.own[0], o.own[1:]
	}
	return o.emit(w)
}

// Rest visits the writes above the last stored key.
func (o *Overlay) Rest() {
	for _, w := range o.own {
		if !o.emit(w) {
			return
		}
	}
}

func (o *Overlay) emit(w Write) bool {
	if !o.stopped && w.Value != nil {
		o.stopped = !o.visit(w.Key, w.Value)
	}
	return !o.stopped
}
