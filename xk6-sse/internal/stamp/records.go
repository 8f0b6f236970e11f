package stamp

import "sync/atomic"

// records follows the records of TLS (RFC 8446, 5.1) in the bytes that a connection reads: the layers above get what is in a
// record at once, when its last byte is there.
type records struct {
	header [5]byte // type, version, length
	got    int     // bytes of the header so far
	left   int     // bytes of the record, still to come
	// A record with data has ended since the last Taken.
	hasEnded bool
	// What the records with data that ended with the last stamp hold at most, in bytes.
	most atomic.Int64
}

const (
	// Types of records: those there are lie between the first and the last.
	firstRecord, dataRecord, lastRecord = 20, 23, 24
	// leastOverhead is what a record has at least besides its data: the tag of its cipher.
	leastOverhead = 16
)

// follow takes the next bytes; it returns how much data the records that end in them hold at most. What is no record is
// skipped, as the answer of a proxy before the handshake.
func (r *records) follow(p []byte) (most int) {
	for len(p) > 0 {
		if r.got == 0 && (p[0] < firstRecord || p[0] > lastRecord) {
			return most
		}
		if r.got < len(r.header) {
			n := copy(r.header[r.got:], p)
			r.got += n
			p = p[n:]
			if r.got < len(r.header) {
				return most
			}
			r.left = int(r.header[3])<<8 | int(r.header[4])
		}
		n := min(r.left, len(p))
		r.left -= n
		p = p[n:]
		if r.left == 0 {
			r.got = 0
			if r.header[0] == dataRecord {
				most += max(int(r.header[3])<<8|int(r.header[4])-leastOverhead, 1)
			}
		}
	}
	return most
}

// note takes what ended with a piece; isNew: its stamp is another one than that of the piece before.
func (r *records) note(most int, isNew bool) {
	if isNew {
		r.most.Store(0)
	}
	if most > 0 {
		r.hasEnded = true
		r.most.Add(int64(most))
	}
}

// leastEvent is the size of the smallest chunk with an event that has a token: `14\r\n{"response":"a"}\r\n`.
const leastEvent = 20

// HeadAlone reports whether the last record of TLS was the head of an answer and nothing of its body, or too little of it for
// an event; least is how long the head is at least. Without stamps of the connection it cannot be told.
func (c *Conn) HeadAlone(least int) bool {
	if c.flow == nil || c.isPlain.Load() {
		return false
	}
	rest := c.records.most.Load() - int64(least)
	return rest >= 0 && rest < leastEvent
}
