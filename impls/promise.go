package impls

// Promise is a property that an implementation claims. Promises are checked by tests and
// by stress runs and printed beside the numbers, because a faster implementation that
// promises less is not a better one.
//
// A promise that only one contract knows is declared there, as a variable. Those below
// are shared.
type Promise struct {
	Name    string // in lists, as "starvation-free"
	Meaning string // as the rest of a sentence about who makes it
	// Covers names a promise that nobody lacks who makes this one: this one is stronger, or
	// the other of two ways to do the same. "": none.
	Covers string
}

// String is the promise's name.
func (p Promise) String() string { return p.Name }

// The promises of waiting.
var (
	FIFO           = Promise{Name: "fifo", Meaning: "serves waiters in order of arrival", Covers: "starvation-free"}
	StarvationFree = Promise{Name: "starvation-free", Meaning: "serves every waiter after finitely many others"}
	Cancellable    = Promise{
		Name: "cancellable", Meaning: "ends a wait when its context ends, and leaves no trace of it",
	}
	Try = Promise{Name: "try", Meaning: "has a TryLock that never blocks"}
)

// The promises of use.
var (
	ZeroValue      = Promise{Name: "zero-value", Meaning: "works without a constructor"}
	PanicsOnMisuse = Promise{
		Name: "panics-on-misuse", Meaning: "panics on misuse, such as unlocking what is not locked",
		Covers: "fatal-on-misuse",
	}
	FatalOnMisuse = Promise{
		Name: "fatal-on-misuse", Meaning: "ends the process on misuse; recover cannot catch it",
		Covers: "panics-on-misuse",
	}
	Resizable = Promise{Name: "resizable", Meaning: "changes its size under load"}
)

// The promises of shared data.
var (
	Linearizable = Promise{
		Name: "linearizable", Meaning: "makes each call take effect at one instant between its start and its end",
	}
	Bounded   = Promise{Name: "bounded", Meaning: "holds exactly as many values as its capacity"}
	Unbounded = Promise{Name: "unbounded", Meaning: "accepts every value"}
	Releases  = Promise{Name: "releases", Meaning: "keeps nothing reachable that was taken out"}
)
