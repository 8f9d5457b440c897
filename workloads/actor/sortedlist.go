package actor

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/contendbench/contend/harness"
	actors "github.com/contendbench/contend/impls/actor"
)

// sortedList is one actor with a sorted linked list, and many that add to it and search
// it. One request in a hundred asks for its length.
var sortedList = program{
	name: "sorted-list", about: "actors use the sorted list of one actor (Savina: Concurrent Sorted List)",
	params: structureParams, per: perRequest, points: structurePoints,
	prepare: func(t *harness.Trial) run {
		n, each, pct := clients.Of(t), requests.Of(t), writes.Of(t)
		return run{units: n * each, play: func(s *stage) func() error { return playSortedList(s, n, each, pct) }}
	},
}

// listRange bounds the values in the list, which may occur more than once.
const listRange = 1 << 16

type listNode struct {
	value int
	next  *listNode
}

// listed is a request to the list, and then its reply.
type listed struct {
	from   actors.Ref
	do     int // one of the below
	value  int
	found  bool
	length int
}

const (
	askLength = iota
	add
	search
)

// sorted is the state of the list's actor.
type sorted struct {
	head   *listNode
	length int
}

func (l *sorted) serve(r *listed) {
	at := &l.head
	if r.do != askLength {
		for *at != nil && (*at).value < r.value {
			at = &(*at).next
		}
	}
	r.found = *at != nil && (*at).value == r.value
	if r.do == add {
		*at = &listNode{r.value, *at}
		l.length++
	}
	r.length = l.length
}

func playSortedList(s *stage, n, each, pct int) func() error {
	list := new(sorted)
	server := s.spawn(n, func(_ actors.Context, m any) {
		r := m.(*listed)
		list.serve(r)
		s.tell(r.from, r)
	})
	count, sum := make([]int, n), make([]int, n)
	done := s.spawn(n, countTo(s, n))
	for i := range n {
		rng := rand.New(rand.NewPCG(uint64(n), uint64(i)))
		sent, length, own := 0, 0, -1
		client := s.spawn(1, func(_ actors.Context, m any) {
			r := m.(*listed)
			switch {
			case r.length < length:
				s.fail(fmt.Errorf("the list has shrunk from %d to %d values", length, r.length))
			case r.do == search && r.value == own && !r.found:
				s.fail(fmt.Errorf("value %d was added, and then not found", own))
			}
			length = r.length
			if sent++; sent > each {
				s.tell(done, starts{})
				return
			}
			switch p := rng.IntN(100); {
			case p == 0:
				r.do = askLength
			case p <= pct:
				r.do, r.value = add, rng.IntN(listRange)
				own = r.value
				count[i]++
				sum[i] += own
			case p%2 == 0 && own >= 0:
				r.do, r.value = search, own
			default:
				r.do, r.value = search, rng.IntN(listRange)
			}
			s.tell(server, r)
		})
		s.tell(client, &listed{from: client})
	}
	return func() error { return checkSortedList(list, count, sum) }
}

// checkSortedList checks that the list has what was added, in order.
func checkSortedList(list *sorted, count, sum []int) error {
	added, total := 0, 0
	for i := range count {
		added += count[i]
		total += sum[i]
	}
	length, got := 0, 0
	for n := list.head; n != nil; n = n.next {
		if n.next != nil && n.next.value < n.value {
			return fmt.Errorf("value %d stands before %d in the list", n.value, n.next.value)
		}
		length++
		got += n.value
	}
	return errors.Join(differs("values in the list", length, added), differs("their sum", got, total),
		differs("length that it reports", list.length, added))
}
