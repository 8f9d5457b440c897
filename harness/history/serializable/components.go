package serializable

// components are the strongly connected components of a part of a graph.
type components struct {
	// of is the component of each state, or none if the state is on no cycle. Without
	// nonadjacent a state is a node. With it a node has two: the path that leads there ends
	// with an anti-dependency, or not.
	of          []int32
	nonadjacent bool
	any         bool // there is a cycle
}

// state returns the state of a node. anti says that an anti-dependency leads there.
func (c *components) state(node int32, anti bool) int32 {
	switch {
	case !c.nonadjacent:
		return node
	case anti:
		return 2*node + 1
	default:
		return 2 * node
	}
}

// A frame is a state whose edges are being followed, and the next one of these.
type frame struct{ state, next int32 }

// A tarjan is a run of Tarjan's algorithm.
//
// Source: Tarjan 1972, "Depth-First Search and Linear Graph Algorithms", SIAM Journal on
// Computing 1(2); with a stack of frames in place of recursion.
type tarjan struct {
	*graph
	*components
	number, low []int32 // of each state; a number of 0: not visited
	visited     int32
	onStack     []bool
	stack       []int32
	frames      []frame
	found       int32 // components
}

// components finds the strongly connected components of the edges of some kinds. With
// nonadjacent, a path has no two anti-dependencies in a row.
func (g *graph) components(allowed kinds, nonadjacent bool) *components {
	states := g.nodes
	if nonadjacent {
		states *= 2
	}
	c := &components{nonadjacent: nonadjacent, of: make([]int32, states)}
	t := &tarjan{
		graph: g, components: c, number: make([]int32, states), low: make([]int32, states), onStack: make([]bool, states),
	}
	for i := range c.of {
		c.of[i] = none
	}
	for root := range states {
		if t.number[root] == 0 {
			t.from(root, allowed)
		}
	}
	c.any = t.found > 0
	return c
}

// from visits the states that can be reached from a root.
func (t *tarjan) from(root int32, allowed kinds) {
	t.enter(root)
	for len(t.frames) > 0 {
		top := &t.frames[len(t.frames)-1]
		if top.next == t.first[t.node(top.state)+1] {
			t.leave(top.state)
			continue
		}
		e := &t.edges[top.next]
		top.next++
		switch to := t.follow(top.state, e, allowed); {
		case to == none:
		case t.number[to] == 0:
			t.enter(to)
		case t.onStack[to]:
			t.low[top.state] = min(t.low[top.state], t.number[to])
		}
	}
}

func (t *tarjan) enter(s int32) {
	t.visited++
	t.number[s], t.low[s], t.onStack[s] = t.visited, t.visited, true
	t.stack, t.frames = append(t.stack, s), append(t.frames, frame{s, t.first[t.node(s)]})
}

// leave ends the visit of a state. If the state is the first one of its component, the
// others are on the stack above it. A component of one state has no cycle.
func (t *tarjan) leave(s int32) {
	t.frames = t.frames[:len(t.frames)-1]
	if len(t.frames) > 0 {
		parent := t.frames[len(t.frames)-1].state
		t.low[parent] = min(t.low[parent], t.low[s])
	}
	if t.low[s] != t.number[s] {
		return
	}
	single := t.stack[len(t.stack)-1] == s
	for {
		top := t.stack[len(t.stack)-1]
		t.stack, t.onStack[top] = t.stack[:len(t.stack)-1], false
		if !single {
			t.of[top] = t.found
		}
		if top == s {
			break
		}
	}
	if !single {
		t.found++
	}
}

// node returns the node of a state.
func (c *components) node(state int32) int32 {
	if c.nonadjacent {
		return state / 2
	}
	return state
}

// follow returns the state to which an edge leads from a state, or none.
func (c *components) follow(state int32, e *edge, allowed kinds) int32 {
	if !(allowed | junctions).has(e.kind) {
		return none
	}
	if !c.nonadjacent {
		return e.to
	}
	anti := state%2 == 1
	switch {
	case e.kind == via:
		return c.state(e.to, anti)
	case !antis.has(e.kind):
		return c.state(e.to, false)
	case anti:
		return none
	default:
		return c.state(e.to, true)
	}
}
