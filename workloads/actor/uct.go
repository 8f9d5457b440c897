package actor

import (
	"errors"
	"math/rand/v2"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/machine"
	actors "github.com/contendbench/contend/impls/actor"
)

var (
	uctNodes  = size("actors", "nodes of the tree at most", 200_000)
	uctFanOut = size("children", "children of a node that has some", 10)
	uctCost   = harness.Param[int]{
		Key: "cost", About: "steps of work at each node, 0 to 1000000", Default: 500, Valid: harness.Between(0, 1_000_000),
	}
)

// uct grows an unbalanced tree of actors, and then has each node work. A root decides
// which nodes have children, in the order of their questions.
var uct = program{
	name: "uct", about: "a tree of actors grows at random, and is traversed (Savina: Unbalanced Cobwebbed Tree)",
	params: []harness.AnyParam{uctNodes, uctFanOut, uctCost}, per: perActor, curve: uctNodes,
	points: harness.Points{
		Standard: []harness.Grid{harness.Over(uctNodes.In(1000, 10_000))},
		Full:     []harness.Grid{harness.Over()},
		Stress: []harness.Grid{harness.Over(
			harness.Within(uctNodes, 1, 1000), uctFanOut.In(1, 3, 10), uctCost.In(0, 100), fewDispatchers)},
	},
	prepare: func(t *harness.Trial) run {
		u := &cobweb{most: uctNodes.Of(t), fanOut: uctFanOut.Of(t), cost: uctCost.Of(t)}
		return run{units: u.most, play: u.play}
	},
}

// cobweb is the sizes of a tree.
type cobweb struct{ most, fanOut, cost int }

type (
	mayGrow  struct{ *uctNode }           // to the root
	grow     struct{}                     // from the root: have children
	traverse struct{}                     // from the parent: work
	visited  struct{ nodes, heights int } // from a child: what is below it
)

// uctRoot is the state of the root.
type uctRoot struct {
	cobweb
	stage          *stage
	rng            *rand.Rand
	top            actors.Ref
	asking         int // nodes whose question is open
	nodes, heights int // of the tree
	got            visited
}

// uctNode is the state of a node.
type uctNode struct {
	root     *uctRoot
	rootRef  actors.Ref
	self     actors.Ref
	parent   actors.Ref
	height   int
	children []actors.Ref
	below    visited
	answers  int
	state    uint64
}

func (u *cobweb) play(s *stage) func() error {
	root := &uctRoot{cobweb: *u, stage: s, rng: rand.New(rand.NewPCG(uint64(u.most), 0)), asking: 1, nodes: 1}
	ref := s.spawn(u.most+1, root.receive)
	top := &uctNode{root: root, rootRef: ref, parent: ref}
	root.top = s.spawn(u.fanOut+2, top.receive)
	s.tell(root.top, starts{})
	return func() error {
		return errors.Join(differs("nodes visited", root.got.nodes, root.nodes),
			differs("sum of their heights", root.got.heights, root.heights))
	}
}

func (r *uctRoot) receive(_ actors.Context, m any) {
	switch m := m.(type) {
	case mayGrow:
		r.asking--
		if r.nodes+r.fanOut <= r.most && (m.height < 2 || r.rng.IntN(2) == 0) {
			r.nodes += r.fanOut
			r.heights += r.fanOut * (m.height + 1)
			r.asking += r.fanOut
			r.stage.tell(m.self, grow{})
		}
		if r.asking == 0 {
			r.stage.tell(r.top, traverse{})
		}
	case visited:
		r.got, r.stage.units = m, r.nodes
		r.stage.finish()
	}
}

func (n *uctNode) receive(c actors.Context, m any) {
	s := n.root.stage
	switch m := m.(type) {
	case starts:
		n.self = c.Self()
		s.tell(n.rootRef, mayGrow{n})
	case grow:
		for range n.root.fanOut {
			child := &uctNode{root: n.root, rootRef: n.rootRef, parent: n.self, height: n.height + 1}
			ref := c.Spawn(props(n.root.fanOut+2, child.receive))
			n.children = append(n.children, ref)
			s.tell(ref, starts{})
		}
	case traverse:
		n.state = machine.Spin(n.state+1, n.root.cost)
		for _, child := range n.children {
			s.tell(child, traverse{})
		}
		n.below = visited{1, n.height}
	case visited:
		n.answers++
		n.below.nodes += m.nodes
		n.below.heights += m.heights
	}
	if n.below.nodes > 0 && n.answers == len(n.children) {
		s.tell(n.parent, n.below)
	}
}
