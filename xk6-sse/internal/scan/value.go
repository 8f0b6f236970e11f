package scan

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// Kind is the type of a JSON value.
type Kind uint8

// The kinds. Absent is the kind of the zero Value: the event has nothing at the path.
const (
	Absent Kind = iota
	Null
	False
	True
	Number
	String
	Object
	Array
)

func (k Kind) String() string {
	return [...]string{"absent", "null", "false", "true", "number", "string", "object", "array"}[k]
}

// A Value is what an event holds at a path: the last match in the order of the text.
type Value struct {
	Kind           Kind
	Escaped        bool   // a string with at least one escape
	NonEmptyString bool   // any match of the path in this event was a string other than ""
	Raw            []byte // the bytes in the event; of a string, those between the quotes, still escaped
}

// AppendText appends the text of a string as encoding/json decodes it: escapes resolved, surrogates paired, U+FFFD for what is
// not valid Unicode. It appends the JSON text of any other value, and nothing for an absent one.
func (v Value) AppendText(dst []byte) []byte {
	if !v.Escaped && (v.Kind != String || utf8.Valid(v.Raw)) {
		return append(dst, v.Raw...)
	}
	for b := v.Raw; len(b) > 0; {
		switch {
		case b[0] != '\\':
			r, size := utf8.DecodeRune(b)
			dst = utf8.AppendRune(dst, r)
			b = b[size:]
		case b[1] == 'u':
			r, size := unicodeEscape(b)
			dst = utf8.AppendRune(dst, r)
			b = b[size:]
		default:
			dst = append(dst, unescaped(b[1]))
			b = b[2:]
		}
	}
	return dst
}

// Text returns what AppendText appends.
func (v Value) Text() string {
	if !v.Escaped && (v.Kind != String || utf8.Valid(v.Raw)) {
		return string(v.Raw)
	}
	return string(v.AppendText(make([]byte, 0, len(v.Raw))))
}

// Equals reports whether the value is a string with this text. It does not allocate for texts of ordinary length.
func (v Value) Equals(text string) bool {
	if v.Kind != String {
		return false
	}
	if !v.Escaped && string(v.Raw) == text {
		return true
	}
	var scratch [128]byte
	return string(v.AppendText(scratch[:0])) == text
}

// Float returns the value of a number; false for any other kind, and for a number that a float64 cannot hold.
func (v Value) Float() (float64, bool) {
	if v.Kind != Number {
		return 0, false
	}
	f, err := strconv.ParseFloat(string(v.Raw), 64)
	if err != nil {
		return 0, false
	}
	return f, true
}

// Empty reports whether the value says nothing: null, false, 0, "", "null", "none", or an object or array of nothing else.
func (v Value) Empty() bool {
	switch v.Kind {
	case True:
		return false
	case Number:
		return isZero(v.Raw)
	case String:
		return saysNothing(v.Raw)
	case Object, Array:
		return hollow(v.Raw)
	}
	return true
}

// Nothing reports whether a text of any form, be it JSON or not, says nothing, as Value.Empty has it.
func Nothing(b []byte) bool {
	b = bytes.TrimSpace(b)
	switch first := peek(b, 0); {
	case first == '{' || first == '[':
		return hollow(b)
	case first == '"' && len(b) > 1:
		return saysNothing(b[1 : len(b)-1])
	}
	return saysNothing(b) || string(b) == "false" || isNumber(b) && isZero(b)
}

func isNumber(b []byte) bool {
	if c := b[0]; c != '-' && (c < '0' || c > '9') {
		return false
	}
	end, err := number(b, 0)
	return err == nil && end == len(b)
}

// hollow reports whether every value within an object or array says nothing.
func hollow(b []byte) bool {
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case c == '"':
			end, _, err := text(b, i+1)
			if err != nil {
				return false
			}
			isKey := peek(b, space(b, end+1)) == ':'
			if !isKey && !saysNothing(b[i+1:end]) {
				return false
			}
			i = end
		case c == 't':
			return false
		case '0' <= c && c <= '9':
			first := i
			for i+1 < len(b) && !structural(b[i+1]) {
				i++
			}
			if !isZero(b[first : i+1]) {
				return false
			}
		}
	}
	return true
}

func structural(c byte) bool { return c == ',' || c == '}' || c == ']' || c <= ' ' }

// isZero reports whether the number has no digit but 0 before its exponent.
func isZero(number []byte) bool {
	for _, c := range number {
		switch {
		case c == 'e' || c == 'E':
			return true
		case '1' <= c && c <= '9':
			return false
		}
	}
	return true
}

// saysNothing reports whether a text is blank, or null as a text: Python's None is written so, too.
func saysNothing(raw []byte) bool {
	raw = bytes.TrimSpace(raw)
	return len(raw) == 0 || len(raw) == 4 && (bytes.EqualFold(raw, []byte("null")) || bytes.EqualFold(raw, []byte("none")))
}

// unescaped returns the character of a one-letter escape.
func unescaped(letter byte) byte {
	switch letter {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return letter // the quote, the slash, the backslash
}

// unicodeEscape decodes the \uXXXX at the start of b, with a second one when the two are a surrogate pair.
func unicodeEscape(b []byte) (r rune, size int) {
	r = hex4(b[2:])
	if !utf16.IsSurrogate(r) {
		return r, 6
	}
	if len(b) >= 12 && b[6] == '\\' && b[7] == 'u' {
		if pair := utf16.DecodeRune(r, hex4(b[8:])); pair != utf8.RuneError {
			return pair, 12
		}
	}
	return utf8.RuneError, 6
}

func hex4(b []byte) (r rune) {
	for _, c := range b[:4] {
		digit, _ := hex(c)
		r = r<<4 | digit
	}
	return r
}
