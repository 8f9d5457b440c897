package process

// awaitStopped does nothing here: it trusts SIGSTOP.
func awaitStopped(int) error { return nil }
