package scan

// The grammar of JSON below the level of paths: white space, strings, numbers, literals, and the skipping of whole values.
// The functions take the text and an index, and return the index behind what they read; with an error, that of the fault.

import (
	"encoding/binary"
	"errors"
	"math/bits"
)

// maxDepth is the deepest nesting that encoding/json accepts.
const maxDepth = 10_000

// What can be wrong with a text. Prepared, so that a broken event costs no more than a whole one.
var (
	errEnd     = errors.New("invalid JSON: the text ends too early")
	errTail    = errors.New("invalid JSON: something follows the value")
	errValue   = errors.New("invalid JSON: expected a value")
	errKey     = errors.New("invalid JSON: expected a key in quotes")
	errColon   = errors.New("invalid JSON: expected a colon after the key")
	errObject  = errors.New("invalid JSON: expected a comma or } after a member")
	errArray   = errors.New("invalid JSON: expected a comma or ] after an element")
	errNumber  = errors.New("invalid JSON: malformed number")
	errEscape  = errors.New("invalid JSON: unknown escape in a string")
	errControl = errors.New("invalid JSON: bare control character in a string")
	errDepth   = errors.New("invalid JSON: nested deeper than 10,000 levels")
)

// peek returns the byte at i, and 0 behind the end: no part of the grammar begins with a NUL.
func peek(b []byte, i int) byte {
	if i < len(b) {
		return b[i]
	}
	return 0
}

// fault returns err for the byte at i, or an error for the end of the text.
func fault(b []byte, i int, err error) error {
	if i >= len(b) {
		return errEnd
	}
	return err
}

func space(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\r' || b[i] == '\t') {
		i++
	}
	return i
}

// text reads a string from behind its opening quote and returns the index of the closing one.
func text(b []byte, i int) (end int, escaped bool, err error) {
	for {
		i = plain(b, i)
		switch peek(b, i) {
		case '"':
			return i, escaped, nil
		case '\\':
			escaped = true
			if i, err = escape(b, i+1); err != nil {
				return i, true, err
			}
		default:
			return i, escaped, fault(b, i, errControl)
		}
	}
}

// plain returns the index of the first byte from i on that is not simply a part of a string: a quote, a backslash or a
// control character. It looks at eight bytes at a time: of w-k·0x01…, the top bit of a byte below 0x80 is set where the byte
// was less than k. A borrow can set it wrongly only above a byte where it is right, and only the lowest is used.
func plain(b []byte, i int) int {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	for ; len(b)-i >= 8; i += 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		control := w - ' '*ones
		quote := (w ^ '"'*ones) - ones
		backslash := (w ^ '\\'*ones) - ones
		if hit := (control | quote | backslash) &^ w & tops; hit != 0 {
			return i + bits.TrailingZeros64(hit)/8
		}
	}
	for i < len(b) && b[i] >= ' ' && b[i] != '"' && b[i] != '\\' {
		i++
	}
	return i
}

// escape reads an escape from behind its backslash.
func escape(b []byte, i int) (int, error) {
	switch peek(b, i) {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 1, nil
	case 'u':
		for j := i + 1; j <= i+4; j++ {
			if _, ok := hex(peek(b, j)); !ok {
				return j, fault(b, j, errEscape)
			}
		}
		return i + 5, nil
	}
	return i, fault(b, i, errEscape)
}

func hex(c byte) (digit rune, ok bool) {
	switch {
	case '0' <= c && c <= '9':
		return rune(c - '0'), true
	case 'a' <= c && c <= 'f':
		return rune(c-'a') + 10, true
	case 'A' <= c && c <= 'F':
		return rune(c-'A') + 10, true
	}
	return 0, false
}

// scalar reads a number or a literal.
func scalar(b []byte, i int) (int, Kind, error) {
	switch peek(b, i) {
	case 't':
		return literal(b, i, "true", True)
	case 'f':
		return literal(b, i, "false", False)
	case 'n':
		return literal(b, i, "null", Null)
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		i, err := number(b, i)
		return i, Number, err
	}
	return i, Absent, fault(b, i, errValue)
}

func literal(b []byte, i int, word string, kind Kind) (int, Kind, error) {
	for j := range len(word) {
		if peek(b, i+j) != word[j] {
			return i + j, Absent, fault(b, i+j, errValue)
		}
	}
	return i + len(word), kind, nil
}

func number(b []byte, i int) (int, error) {
	if b[i] == '-' {
		i++
	}
	var err error
	if peek(b, i) == '0' {
		i++
	} else if i, err = digits(b, i); err != nil {
		return i, err
	}
	if peek(b, i) == '.' {
		if i, err = digits(b, i+1); err != nil {
			return i, err
		}
	}
	if c := peek(b, i); c == 'e' || c == 'E' {
		i++
		if c := peek(b, i); c == '+' || c == '-' {
			i++
		}
		return digits(b, i)
	}
	return i, nil
}

// digits reads one digit or more.
func digits(b []byte, i int) (int, error) {
	first := i
	for i < len(b) && '0' <= b[i] && b[i] <= '9' {
		i++
	}
	if i == first {
		return i, fault(b, i, errNumber)
	}
	return i, nil
}

// member reads a key and its colon, up to the value. The key is b[lo:hi].
func member(b []byte, i int) (next, lo, hi int, escaped bool, err error) {
	if peek(b, i) != '"' {
		return i, 0, 0, false, fault(b, i, errKey)
	}
	lo = i + 1
	if hi, escaped, err = text(b, lo); err != nil {
		return hi, 0, 0, false, err
	}
	i = space(b, hi+1)
	if peek(b, i) != ':' {
		return i, 0, 0, false, fault(b, i, errColon)
	}
	return space(b, i+1), lo, hi, escaped, nil
}

// skip checks a value that no path asks for, at a depth of this many open objects and arrays, without recursion.
func (open *nest) skip(b []byte, i, depth int) (int, error) {
	var err error
	for {
		// A value begins at i.
		switch peek(b, i) {
		case '"':
			if i, _, err = text(b, i+1); err != nil {
				return i, err
			}
			i++
		case '{':
			if depth+open.depth >= maxDepth {
				return i, errDepth
			}
			if i = space(b, i+1); peek(b, i) != '}' {
				open.push(inObject)
				if i, _, _, _, err = member(b, i); err != nil {
					return i, err
				}
				continue
			}
			i++
		case '[':
			if depth+open.depth >= maxDepth {
				return i, errDepth
			}
			if i = space(b, i+1); peek(b, i) != ']' {
				open.push(inArray)
				continue
			}
			i++
		default:
			if i, _, err = scalar(b, i); err != nil {
				return i, err
			}
		}
		// A value ended before i. Close what it is the last of, up to a comma.
		for {
			if open.depth == 0 {
				return i, nil
			}
			i = space(b, i)
			c := peek(b, i)
			if c == ',' {
				break
			}
			if open.kinds&1 == inObject && c != '}' {
				return i, fault(b, i, errObject)
			}
			if open.kinds&1 == inArray && c != ']' {
				return i, fault(b, i, errArray)
			}
			i++
			open.pop()
		}
		i = space(b, i+1)
		if open.kinds&1 == inObject {
			if i, _, _, _, err = member(b, i); err != nil {
				return i, err
			}
		}
	}
}

// A nest remembers which objects and arrays are open in a skipped value, one bit each, the innermost lowest.
type nest struct {
	depth int
	kinds uint64   // the innermost 1 to 64 of them
	outer []uint64 // those further out, 64 a word
}

const (
	inArray  = 0
	inObject = 1
)

func (open *nest) reset() {
	open.depth, open.kinds, open.outer = 0, 0, open.outer[:0]
}

func (open *nest) push(kind uint64) {
	if open.depth > 0 && open.depth%64 == 0 {
		open.outer = append(open.outer, open.kinds)
	}
	open.kinds = open.kinds<<1 | kind
	open.depth++
}

func (open *nest) pop() {
	open.kinds >>= 1
	open.depth--
	if last := len(open.outer) - 1; open.depth > 0 && open.depth%64 == 0 {
		open.kinds, open.outer = open.outer[last], open.outer[:last]
	}
}
