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

// A frame is a state whose edges are being followed.
type frame struct{ state, next int32 }

// components finds the components with Tarjan's algorithm. With nonadjacent, a path has
// no two anti-dependencies in a row.
//
// Source: Tarjan 1972, "Depth-First Search and Linear Graph Algorithms", SIAM Journal on
// Computing 1(2); with frames of its own in place of recursion.
func (g *graph) components(allowed kinds, nonadjacent bool) *components {
	c := &components{nonadjacent: nonadjacent}
	states := g.nodes
	if nonadjacent {
		states *= 2
	}
	c.of = make([]int32, states)
	number, low := make([]int32, states), make([]int32, states) // 0: not visited
	for i := range c.of {
		c.of[i] = none
	}
	onStack := make([]bool, states)
	var stack []int32
	var frames []frame
	visited, found := int32(0), int32(0)
	enter := func(s int32) {
		visited++
		number[s], low[s], onStack[s] = visited, visited, true
		stack, frames = append(stack, s), append(frames, frame{s, g.first[c.node(s)]})
	}
	leave := func(s int32) {
		frames = frames[:len(frames)-1]
		if len(frames) > 0 {
			parent := frames[len(frames)-1].state
			low[parent] = min(low[parent], low[s])
		}
		if low[s] != number[s] {
			return
		}
		single := stack[len(stack)-1] == s
		for {
			top := stack[len(stack)-1]
			stack, onStack[top] = stack[:len(stack)-1], false
			if !single {
				c.of[top] = found
			}
			if top == s {
				break
			}
		}
		if !single {
			found++
		}
	}
	for root := range states {
		if number[root] != 0 {
			continue
		}
		enter(root)
		for len(frames) > 0 {
			top := &frames[len(frames)-1]
			if s := top.state; top.next == g.first[c.node(s)+1] {
				leave(s)
				continue
			}
			e := &g.edges[top.next]
			top.next++
			switch to := c.follow(top.state, e, allowed); {
			case to == none:
			case number[to] == 0:
				enter(to)
			case onStack[to]:
				low[top.state] = min(low[top.state], number[to])
			}
		}
	}
	c.any = found > 0
	return c
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
