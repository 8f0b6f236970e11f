package h2stamp

import (
	"encoding/binary"

	"golang.org/x/net/http2"
)

// headerLength is that of a frame's header: 3 bytes length, type, flags, 4 bytes stream (RFC 9113, 4.1).
const headerLength = 9

// frame is where a connection's bytes of one direction are in their frames. Frames may be cut anywhere by reads.
type frame struct {
	skip   int // bytes before the first frame
	header [headerLength]byte
	got    int // bytes of the header so far
	length int // of the payload
	left   int // of the payload, still to come
	pad    int // bytes behind the payload's data

	kind   http2.FrameType
	flags  http2.Flags
	stream uint32
	began  bool // the last step completed the header
	ended  bool // the last step completed the frame
}

// step takes bytes of p that belong to one part of a frame: n of them, of which body are the data of a DATA frame,
// without padding.
func (f *frame) step(p []byte) (n, body int) {
	f.began, f.ended = false, false
	if f.skip > 0 {
		n = min(f.skip, len(p))
		f.skip -= n
		return n, 0
	}
	if f.got < headerLength {
		n = copy(f.header[f.got:], p)
		f.got += n
		if f.got == headerLength {
			f.begin()
		}
		return n, 0
	}
	n = min(f.left, len(p))
	if f.kind == http2.FrameData {
		from, to := f.length-f.left, f.length-f.left+n
		first := 0
		if f.flags.Has(http2.FlagDataPadded) {
			first = 1
			if from == 0 {
				f.pad = int(p[0])
			}
		}
		body = max(min(to, f.length-f.pad)-max(from, first), 0)
	}
	f.left -= n
	f.end()
	return n, body
}

func (f *frame) begin() {
	f.length = int(f.header[0])<<16 | int(f.header[1])<<8 | int(f.header[2])
	f.left, f.pad = f.length, 0
	f.kind, f.flags = http2.FrameType(f.header[3]), http2.Flags(f.header[4])
	f.stream = binary.BigEndian.Uint32(f.header[5:]) &^ (1 << 31)
	f.began = true
	f.end()
}

func (f *frame) end() {
	if f.left == 0 {
		f.ended, f.got = true, 0
	}
}
