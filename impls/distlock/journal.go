package distlock

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"slices"
)

// journal is a write-ahead log: it records a server's changes before a client hears of
// them. A record is its length, its checksum and an encoded message. A crash may leave an
// incomplete record at the end, which no client was told about.
//
// Source: Mohan et al. 1992, §1.1 (write-ahead logging); DeWitt et al. 1984 (group
// commit: one sync for all changes that arrived during the one before).
type journal struct {
	store store
	file  storeFile
	size  int
	state int // size of the state that it begins with
	limit int // above this size it is rewritten, unless most of it is that state
	buf   []byte
	err   error // the first one: after a failed sync the content of the disk is unknown
}

const (
	journalName    = "log"
	newJournalName = "log.new"
	journalLimit   = 4 << 20
	journalChunk   = 1 << 20 // of a write
	recordHead     = 8
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// openJournal reads what the log holds. The journal cannot be written before rewrite.
func openJournal(s store) (*journal, []message, error) {
	text, err := s.read(journalName)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("reading the log: %w", err)
	}
	log, good := records(text)
	for at := good + 1; at < len(text); at++ { // a torn end has no whole record in it
		if _, n := record(text[at:]); n > 0 {
			return nil, nil, fmt.Errorf("reading the log: %w at byte %d: whole records follow from byte %d on",
				errDamaged, good, at)
		}
	}
	return &journal{store: s, limit: journalLimit}, log, nil
}

// records returns the records of a log before the first damaged one, and their length.
func records(text []byte) (log []message, length int) {
	for {
		m, n := record(text[length:])
		if n == 0 {
			return log, length
		}
		log = append(log, m)
		length += n
	}
}

// record returns the record at the start of a text and its length, or 0 if there is none.
func record(text []byte) (m message, length int) {
	if len(text) < recordHead {
		return m, 0
	}
	n, sum := binary.BigEndian.Uint32(text), binary.BigEndian.Uint32(text[4:])
	text = text[recordHead:]
	if n > maxFrame || int(n) > len(text) || crc32.Checksum(text[:n], castagnoli) != sum {
		return m, 0
	}
	m, err := decode(text[:n])
	if err != nil {
		return m, 0
	}
	return m, recordHead + int(n)
}

func appendRecord(buf []byte, m message) []byte {
	start := len(buf)
	buf = m.encode(append(buf, make([]byte, recordHead)...))
	body := buf[start+recordHead:]
	binary.BigEndian.PutUint32(buf[start:], uint32(len(body)))
	binary.BigEndian.PutUint32(buf[start+4:], crc32.Checksum(body, castagnoli))
	return buf
}

// rewrite replaces the log by a state. The old log stays until the new one is on disk. If
// the new one cannot be written, such as on a full disk, the old one continues.
func (j *journal) rewrite(state []message) error {
	if j.err != nil {
		return j.err
	}
	file, size, err := j.prepare(state)
	if err != nil && j.file != nil {
		j.limit = 2 * j.size
		fmt.Fprintf(os.Stderr, "contend: %v: the old log of %d bytes continues\n", err, j.size)
		return nil
	}
	if err == nil {
		err = j.adopt(file, size)
	}
	j.err = err
	return err
}

// prepare writes a new log, which takes effect by adopt. It returns its size, too.
func (j *journal) prepare(state []message) (storeFile, int, error) {
	file, err := j.store.create(newJournalName)
	if err != nil {
		return nil, 0, fmt.Errorf("rewriting the log: %w", err)
	}
	size := 0
	j.buf = j.buf[:0]
	for i, m := range state {
		j.buf = appendRecord(j.buf, m)
		if len(j.buf) < journalChunk && i < len(state)-1 {
			continue
		}
		if _, err = file.Write(j.buf); err != nil {
			break
		}
		size += len(j.buf)
		j.buf = j.buf[:0]
	}
	if err == nil {
		err = file.Sync()
	}
	if err != nil {
		return nil, 0, fmt.Errorf("rewriting the log: %w", errors.Join(err, file.Close()))
	}
	return file, size, nil
}

// adopt makes a new log the log. After an error, it is unknown which of the two a crash
// would leave.
func (j *journal) adopt(file storeFile, size int) error {
	err := j.store.rename(newJournalName, journalName)
	if err == nil {
		err = j.close()
	}
	if err != nil {
		return fmt.Errorf("rewriting the log: %w", errors.Join(err, file.Close()))
	}
	j.file, j.size, j.state = file, size, size
	return nil
}

// commit logs changes. It returns when the acquisitions among them are on disk. A release
// need not be: a client that comes back reports what it still holds, and a client that
// does not loses it anyway.
func (j *journal) commit(changes []message) error {
	if j.err != nil || len(changes) == 0 {
		return j.err
	}
	j.buf = j.buf[:0]
	for _, m := range changes {
		j.buf = appendRecord(j.buf, m)
	}
	_, err := j.file.Write(j.buf)
	if err == nil && slices.ContainsFunc(changes, func(m message) bool { return m.op == opGranted }) {
		err = j.file.Sync()
	}
	if err != nil {
		j.err = fmt.Errorf("writing the log: %w", err)
	}
	j.size += len(j.buf)
	return j.err
}

// long reports whether the log should be rewritten.
func (j *journal) long() bool { return j.size > max(j.limit, 2*j.state) }

func (j *journal) close() error {
	if j.file == nil {
		return nil
	}
	return j.file.Close()
}
