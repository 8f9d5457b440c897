package impls

// meanings says what each promise means, in the words of the list and of the report.
var meanings = map[Promise]string{
	FIFO:           "serves in the order of arrival",
	StarvationFree: "serves every waiter after finitely many others",
	Try:            "has a TryLock that never blocks",
	ZeroValue:      "can be used without a constructor",
	PanicsOnMisuse: "panics when it is misused, such as on an unlock of what nobody holds",
	FatalOnMisuse:  "ends the process when it is misused, which nothing can recover",
	Weighted:       "gives several permits at once, all or none",
	Cancellable:    "ends a wait with its context, and leaves no trace of it",
	Resizable:      "changes its size under load",

	SharedReaders:    "lets readers be inside together",
	WriterPreference: "lets no reader pass a writer that already waits",
	ReadersPass:      "lets a reader load while a writer is at work",

	InitOnce:      "runs the initializer once, if it succeeds",
	RetriesErrors: "builds again at the next call after an error",
	RetriesPanics: "builds again at the next call after a panic",

	Linearizable: "makes each call take effect at one instant between its begin and its end",
	Resettable:   "loses nothing that is added while it is reset",

	MultiProducer: "lets many put in at once",
	MultiConsumer: "lets many take out at once",
	Bounded:       "holds as many as its capacity, and not one more",
	Unbounded:     "takes whatever is put in",
	Waits:         "waits where it is full or empty, and does not report it",
	Releases:      "keeps nothing reachable that was taken out",

	SetOnce:  "lets one of those that come to a missing key store, and gives all of them its value",
	Sized:    "counts its keys, exactly when nobody changes them",
	Snapshot: "ranges over the keys of one instant",

	Expires:  "takes the lock from a holder that is gone or stalls, when its time to live has passed",
	Released: "frees the lock of a process that ended at once",
	Fenced:   "numbers its acquisitions in growing order, so that a resource can refuse a holder that is late",
	Durable:  "forgets no holder and uses no number again when its server starts anew",
	Survives: "goes on after a pause when one server of several is lost",
}

// Meaning says what the promise means, as the rest of a sentence about who makes it; it is empty for a promise that is not declared here.
func (p Promise) Meaning() string { return meanings[p] }
