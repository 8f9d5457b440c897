package txn

import "context"

// Lasting is a Store in the files of its own process. One that promises Durable and has no
// server is Lasting, so that others can look whether it keeps the promise.
type Lasting interface {
	Store
	// Place says where its data are.
	Place() string
	// Reopen opens what a store of the same Backend has left at a place. The process that
	// had it open has ended, or has closed it.
	Reopen(ctx context.Context, place string) (Store, error)
}
