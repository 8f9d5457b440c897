package forkjoin

import (
	"crypto/sha1"
	"encoding/binary"
	"fmt"
	"math"

	"github.com/contendbench/contend/harness"
	forks "github.com/contendbench/contend/impls/forkjoin"
)

// uts counts the nodes of the unbalanced tree search benchmark (Olivier et al., UTS: An
// Unbalanced Tree Search Benchmark, LCPC 2006). The tree exists only as it is searched: a
// node is a SHA-1 hash of its parent's and its own number, which also draws how many
// children it has. At depth 10 it is the published tree T1.
var uts = harness.Workload[forks.New]{
	Load: harness.Load{
		Name: "uts", Turn: "program",
		About:  "the nodes of an unbalanced tree are counted, a fork for each that has children",
		Params: []harness.AnyParam{depth, workers}, Metrics: programMetrics, Ranks: runNs, CurveAxis: depth, Allocates: true,
		Points: harness.Points{
			Quick:    []harness.Grid{harness.Over(depth.In(6))},
			Standard: []harness.Grid{harness.Over(depth.In(4, 6, 8))},
			Full:     []harness.Grid{harness.Over(depth.In(4, 6, 8, 10))},
			Stress: []harness.Grid{
				harness.Over(harness.Within(depth, 1, 5), few),
				harness.Over(harness.Within(depth, 1, 4), harness.Within(workers, 2, 300)),
			},
		},
	},
	Run: func(t *harness.Trial, newPool forks.New) error {
		deepest := depth.Of(t)
		return measure(t, newPool, func() program {
			var got int
			root := utsRoot(deepest)
			return program{
				alone:  func() { got = root.count(deepest) },
				forked: func(s forks.Scope) { got = root.fork(s, deepest) },
				check: func() error {
					if want := utsSizes[deepest]; got != want {
						return fmt.Errorf("the tree of depth %d has %d nodes, want %d", deepest, got, want)
					}
					return nil
				},
			}
		})
	},
}

var depth = harness.Param[int]{
	Key: "depth", About: "depth of the tree, 1 to 10 (T1)", Default: 10, Valid: harness.Between(1, len(utsSizes)-1),
}

const (
	utsSeed      = 19  // of T1: -r
	utsBranching = 4.0 // of T1: -b, the expected number of children above the deepest level
	utsMost      = 100 // children that a node can have: MAXNUMCHILDREN
)

// utsSizes are the nodes of trees by their depth: the last one is published, and the
// others have the same nodes down to their depth.
var utsSizes = [...]int{1, 6, 65, 254, 944, 3987, 16_000, 63_914, 257_042, 1_031_269, 4_130_071}

// utsNode is a node of the tree.
type utsNode struct {
	state    [sha1.Size]byte
	depth    int
	children int
}

func utsRoot(deepest int) utsNode {
	var seed [sha1.Size]byte
	binary.BigEndian.PutUint32(seed[sha1.Size-4:], utsSeed)
	n := utsNode{state: sha1.Sum(seed[:])}
	n.children = n.draw(deepest)
	return n
}

// child returns the child with a number, from 0.
func (n utsNode) child(number, deepest int) utsNode {
	var text [sha1.Size + 4]byte
	copy(text[:], n.state[:])
	binary.BigEndian.PutUint32(text[sha1.Size:], uint32(number))
	c := utsNode{state: sha1.Sum(text[:]), depth: n.depth + 1}
	c.children = c.draw(deepest)
	return c
}

// draw returns the number of children: geometric, with the same mean at all depths.
func (n utsNode) draw(deepest int) int {
	if n.depth >= deepest {
		return 0
	}
	u := float64(binary.BigEndian.Uint32(n.state[sha1.Size-4:])&math.MaxInt32) / (1 << 31)
	return min(int(math.Floor(math.Log(1-u)/utsLog)), utsMost)
}

// utsLog is log(1-p), where p is 1/(1+b) for a mean of b children.
var utsLog = math.Log(1 - 1/(1+utsBranching))

// count counts the node and all below it.
func (n utsNode) count(deepest int) int {
	size := 1
	for i := range n.children {
		c := n.child(i, deepest)
		size += c.count(deepest)
	}
	return size
}

// fork is count with a task for each child that has children, but the last of them. Its
// receiver is no pointer: a child whose address is taken would be on the heap, also if it
// has no task.
func (n utsNode) fork(s forks.Scope, deepest int) int {
	size := 1
	var last utsNode // with children
	var below []int  // nil at most nodes, which have at most one child with children
	for i := range n.children {
		c := n.child(i, deepest)
		if c.children == 0 {
			size++
			continue
		}
		if last.children > 0 {
			if below == nil {
				below = make([]int, n.children)
			}
			last.forkInto(&below[i], s, deepest)
		}
		last = c
	}
	if last.children > 0 {
		size += last.fork(s, deepest)
	}
	if below == nil {
		return size
	}
	s.Join()
	for _, b := range below {
		size += b
	}
	return size
}

// forkInto starts a task that counts the node and all below it.
func (n utsNode) forkInto(to *int, s forks.Scope, deepest int) {
	s.Fork(func(s forks.Scope) { *to = n.fork(s, deepest) })
}
