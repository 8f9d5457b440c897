package txn

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"

	"github.com/contendbench/contend/harness"
	txns "github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/workloads/load"
)

// ycsb is the core workloads of the Yahoo! Cloud Serving Benchmark, with several
// operations in a transaction.
//
// Source: Cooper et al. 2010, Table 2, workloads A to E. F is in the benchmark's code.
var ycsb = harness.Workload[txns.Backend]{
	Load: harness.Load{
		Name: "ycsb", Turn: "transaction",
		About:     "n workers run the core workloads of YCSB, several operations in a transaction",
		Params:    []harness.AnyParam{ycsbKind, load.Goroutines, records, ycsbTheta, ycsbOps, yields, recordBytes, backoff},
		Metrics:   metrics,
		CurveAxis: ycsbTheta, Allocates: true, AtLeast: window,
		Points: harness.Points{
			Standard: []harness.Grid{
				harness.Over(ycsbKind.In("a", "b", "c", "d", "e", "f"), ycsbTheta.In(0, 0.6, 0.99)),
				harness.Over(ycsbKind.In("a", "b"), ycsbOps.In(1, 4, 16)),
			},
			Stress: append(
				yielding(yields.In(1, 4),
					ycsbKind.In("a", "b", "d", "e", "f"), harness.Within(load.Goroutines, 2, 16),
					harness.Within(records, 1, 300), harness.Within(ycsbOps, 1, 16),
				),
				harness.Over(ycsbKind.In("c"), records.In(100)),
			),
		},
	},
	Run: runYCSB,
}

var (
	ycsbKind = harness.Param[string]{
		Key: "kind", Default: "a",
		About: "a: half updates; b: 5 % updates; c: reads; d: reads of the latest, 5 % inserts; " +
			"e: short scans, 5 % inserts; f: half read-modify-writes",
		Valid: func(kind string) bool { return ycsbMixes[kind] != nil },
	}
	ycsbTheta = harness.Param[float64]{
		Key: "theta", About: load.Theta.About, Default: 0.99, Valid: load.Theta.Valid,
	}
	ycsbOps = harness.Param[int]{
		Key: "ops", About: "operations of a transaction, 1 to 16", Default: 4, Valid: harness.Between(1, 16),
	}
	recordBytes = harness.Param[int]{
		Key: "value-bytes", About: "size of a value, bytes, 16 to 65536; a multiple of 8", Default: 104,
		Valid: func(n int) bool { return n >= 16 && n <= 1<<16 && n%8 == 0 },
	}
)

// An access is what an operation of YCSB does.
type access uint8

const (
	readAccess access = iota
	updateAccess
	insertAccess
	scanAccess
	modifyAccess
)

// ycsbMixes has the percentages of the operations of each kind.
var ycsbMixes = map[string]map[access]int{
	"a": {readAccess: 50, updateAccess: 50},
	"b": {readAccess: 95, updateAccess: 5},
	"c": {readAccess: 100},
	"d": {readAccess: 95, insertAccess: 5},
	"e": {scanAccess: 95, insertAccess: 5},
	"f": {readAccess: 50, modifyAccess: 50},
}

// longestScan is how many records a scan visits at most.
const longestScan = 100

func runYCSB(t *harness.Trial, b txns.Backend) error {
	n, size := load.Goroutines.Of(t), records.Of(t)
	zipf := load.NewZipf(size, ycsbTheta.Of(t))
	value := make([]byte, recordBytes.Of(t))
	fill := func(s txns.Store) error {
		return fillValues(t.Context, s, size, func(key int) []byte { return setRecord(value, uint64(key), 0) })
	}
	return onStores(t, b, n, fill, func(w *harness.Window, s *site) error {
		keys, clients := newKeySpace(size), make([]*ycsbClient, n)
		w.Go("worker", n, func(w *harness.Worker) {
			c := newYCSBClient(t, w, s, keys, zipf)
			clients[w.ID] = c
			for w.Next() {
				if err := c.transact(); err != nil {
					w.Fail(err)
					return
				}
			}
		})
		w.Check(func() error { return checkYCSB(t, s, keys, clients) })
		return nil
	})
}

// A ycsbClient is a worker of ycsb.
type ycsbClient struct {
	s     *site
	tally *tally
	keys  *keySpace

	does    []access
	ranks   []int32
	places  []int   // of the initial records by rank; nil: the latest records are the hottest
	lengths []uint8 // of scans
	at      int     // of these

	body   func(txns.Tx) error
	length int // operations of a transaction
	yields int
	fresh  []uint64 // keys that the transaction inserts
	used   int      // of fresh, in this attempt
	value  []byte
	strict bool
	sure   uint64 // all keys below it were committed before the transaction started

	writer            uint64 // the number of its first update
	updates, modified uint64 // committed
	now               uint64 // updates of this attempt
}

// newYCSBClient draws what a worker does in a window; it repeats it.
func newYCSBClient(t *harness.Trial, w *harness.Worker, s *site, keys *keySpace, zipf load.Zipf) *ycsbClient {
	c := &ycsbClient{
		s: s, tally: &s.tallies[w.ID], keys: keys, ranks: zipf.Draw(w.Rand(), choices),
		length: ycsbOps.Of(t), yields: yields.Of(t), value: make([]byte, recordBytes.Of(t)),
		strict: t.Promises(txns.StrictSerializable), writer: uint64(w.ID+1) << writerShift,
	}
	mix := ycsbMixes[ycsbKind.Of(t)]
	for range choices {
		p := w.Rand().IntN(100)
		for _, a := range slices.Sorted(maps.Keys(mix)) {
			if p -= mix[a]; p < 0 {
				c.does = append(c.does, a)
				break
			}
		}
		c.lengths = append(c.lengths, uint8(1+w.Rand().IntN(longestScan)))
	}
	if ycsbKind.Of(t) != "d" { // hot records are no neighbors
		c.places = rand.New(rand.NewPCG(uint64(len(zipf)), 1)).Perm(len(zipf))
	}
	c.body = c.run
	return c
}

// transact runs the next transaction: a View if it only reads.
func (c *ycsbClient) transact() error {
	writes, modified := false, uint64(0)
	c.fresh = c.fresh[:0]
	for i := range c.length {
		switch c.does[(c.at+i)%choices] {
		case insertAccess:
			c.fresh = append(c.fresh, c.keys.take())
			writes = true
		case modifyAccess:
			modified++
			writes = true
		case updateAccess:
			writes = true
		}
	}
	run := c.s.View
	if writes {
		run = c.s.Update
	}
	c.sure = c.keys.sure.Load()
	if err := run(context.Background(), c.body); err != nil {
		return fmt.Errorf("a transaction that nothing forbids: %w", err)
	}
	c.tally.commit()
	if len(c.fresh) > 0 {
		c.keys.committed(c.fresh)
	}
	c.modified += modified
	c.updates += c.now
	c.at = (c.at + c.length) % choices
	return nil
}

// run is the body of a transaction.
func (c *ycsbClient) run(tx txns.Tx) error {
	c.tally.begin()
	c.used, c.now = 0, 0
	for i := range c.length {
		c.tally.now++
		if err := c.access(tx, (c.at+i)%choices); err != nil {
			return err
		}
		yield(c.yields*(i+1)/c.length - c.yields*i/c.length)
	}
	return nil
}

func (c *ycsbClient) access(tx txns.Tx, at int) error {
	key := c.sure - 1 - uint64(c.ranks[at])
	if c.places != nil {
		key = uint64(c.places[c.ranks[at]])
	}
	switch c.does[at] {
	case insertAccess:
		key = c.fresh[c.used]
		c.used++
		return tx.Put(key, setRecord(c.value, key, 0))
	case updateAccess:
		c.now++
		return tx.Put(key, setRecord(c.value, key, c.writer+c.updates+c.now))
	case scanAccess:
		return c.scan(tx, key, key+uint64(c.lengths[at])-1)
	}
	value, err := tx.Get(key)
	if err != nil || value == nil && key >= c.certain() {
		return err
	}
	n, err := recordOf(value, key)
	if err != nil || c.does[at] == readAccess {
		return err
	}
	return tx.Put(key, setRecord(c.value, key, n+1))
}

// certain returns the key below which the transaction must find all. Only a strict order
// has each transaction see what was committed before it started.
func (c *ycsbClient) certain() uint64 {
	if c.strict {
		return c.sure
	}
	return c.keys.first
}

// scan visits a range that has no gap below the keys that are certain.
func (c *ycsbClient) scan(tx txns.Tx, first, last uint64) error {
	next, certain := first, c.certain()
	var wrong error
	err := tx.Scan(first, last, func(key uint64, value []byte) bool {
		switch {
		case key < next || key > last:
			wrong = fmt.Errorf("a scan from %d to %d came to key %d after %d", first, last, key, next-1)
		case key > next && next < certain:
			wrong = fmt.Errorf("a scan from %d to %d came to key %d and left out %d, which was committed before",
				first, last, key, next)
		default:
			_, wrong = recordOf(value, key)
		}
		next = key + 1
		return wrong == nil
	})
	if wrong == nil && err == nil && next <= last && next < certain {
		wrong = fmt.Errorf("a scan from %d to %d left out %d, which was committed before", first, last, next)
	}
	return errors.Join(err, wrong)
}

// writerShift is where a number of an update has the number of its worker.
const writerShift = 40

// checkYCSB finds all records, and what was committed in them.
func checkYCSB(t *harness.Trial, s *site, keys *keySpace, clients []*ycsbClient) error {
	size, modified, want := int(keys.next.Load()), uint64(0), uint64(0)
	for _, c := range clients {
		want += c.modified
	}
	seen := 0
	err := inChunks(size, func(from, to int) error {
		var count int
		var part uint64
		err := s.View(t.Context, func(tx txns.Tx) error {
			count, part = 0, 0
			var wrong error
			err := tx.Scan(uint64(from), uint64(to-1), func(key uint64, value []byte) bool {
				var n uint64
				count++
				if n, wrong = recordOf(value, key); wrong != nil {
					return false
				}
				if writer := n >> writerShift; writer == 0 {
					part += n
				} else if number := n - writer<<writerShift; writer > uint64(len(clients)) || number > clients[writer-1].updates {
					wrong = fmt.Errorf("record %d is left with update %d of worker %d, which was not committed", key, number, writer-1)
				}
				return wrong == nil
			})
			return errors.Join(err, wrong)
		})
		seen += count
		modified += part
		return err
	})
	switch {
	case err != nil:
		return err
	case seen != size:
		return fmt.Errorf("%d records are left at the end, want %d: %d at first, and those inserted", seen, size, keys.first)
	case modified != want && promises(t, isolated):
		return fmt.Errorf("the records count %d read-modify-writes, but %d were committed", modified, want)
	}
	return nil
}

// setRecord makes value that of a record: its first word is the key, all others are n.
func setRecord(value []byte, key, n uint64) []byte {
	binary.LittleEndian.PutUint64(value, key)
	setCounter(value[8:], n)
	return value
}

// recordOf returns the number in the value of a record.
func recordOf(value []byte, key uint64) (uint64, error) {
	if len(value) < 16 {
		return 0, fmt.Errorf("a transaction read %d bytes of record %d, which is never deleted", len(value), key)
	}
	if other := binary.LittleEndian.Uint64(value); other != key {
		return 0, fmt.Errorf("a transaction read the value of record %d as that of %d", other, key)
	}
	return counterOf(value[8:])
}
