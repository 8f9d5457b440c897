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
}

// String is the promise's name.
func (p Promise) String() string { return p.Name }

// The promises of waiting.
var (
	FIFO           = Promise{"fifo", "serves waiters in order of arrival"}
	StarvationFree = Promise{"starvation-free", "serves every waiter after finitely many others"}
	Cancellable    = Promise{"cancellable", "ends a wait when its context ends, and leaves no trace of it"}
	Try            = Promise{"try", "has a TryLock that never blocks"}
)

// The promises of use.
var (
	ZeroValue      = Promise{"zero-value", "works without a constructor"}
	PanicsOnMisuse = Promise{"panics-on-misuse", "panics on misuse, such as unlocking what is not locked"}
	FatalOnMisuse  = Promise{"fatal-on-misuse", "ends the process on misuse; recover cannot catch it"}
	Resizable      = Promise{"resizable", "changes its size under load"}
)

// The promises of shared data.
var (
	Linearizable = Promise{"linearizable", "makes each call take effect at one instant between its start and its end"}
	Bounded      = Promise{"bounded", "holds exactly as many values as its capacity"}
	Unbounded    = Promise{"unbounded", "accepts every value"}
	Releases     = Promise{"releases", "keeps nothing reachable that was taken out"}
)
