package stamp

import "testing"

// record is one of TLS with so many bytes behind its header.
func record(kind byte, size int) []byte {
	return append([]byte{kind, 3, 3, byte(size >> 8), byte(size)}, make([]byte, size)...)
}

func TestRecordsThatEnd(t *testing.T) {
	all := append(append(append(record(22, 300), record(dataRecord, 116)...), record(21, 20)...), record(dataRecord, 416)...)
	for _, size := range []int{1, 4, 5, 6, 100, 1000} {
		r, got := records{}, 0
		for from := 0; from < len(all); from += size {
			got += r.follow(all[from:min(from+size, len(all))])
		}
		if got != 100+400 {
			t.Errorf("read %d at a time: %d bytes of data", size, got)
		}
	}
}

func TestRecordsBehindAnAnswerOfAProxy(t *testing.T) {
	var r records
	if got := r.follow([]byte("HTTP/1.1 200 Connection established\r\n\r\n")); got != 0 {
		t.Errorf("%d bytes of data", got)
	}
	if got := r.follow(record(dataRecord, 116)); got != 100 {
		t.Errorf("%d bytes of data behind it", got)
	}
}

func TestDataThatEndedWithOneStamp(t *testing.T) {
	var r records
	r.note(300, true)
	r.note(0, false)
	r.note(20, false)
	if r.most.Load() != 320 || !r.hasEnded {
		t.Errorf("%d bytes, %v", r.most.Load(), r.hasEnded)
	}
	r.note(0, true)
	if r.most.Load() != 0 {
		t.Errorf("%d bytes with the next stamp", r.most.Load())
	}
}
