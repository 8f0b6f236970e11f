package facts

import (
	"encoding/json"
	"slices"
	"strconv"
)

// Identity is whose request a journal line records.
type Identity struct {
	ID, VU    uint64
	Iteration int64
	Scenario  string
	Labels    map[string]string
}

// AppendLine appends the journal's line of the request, without a line end.
func (r *Request) AppendLine(dst []byte, who Identity) []byte {
	w := &line{dst: append(dst, '{')}
	w.Text("type", "request")
	w.key("id")
	w.dst = strconv.AppendUint(w.dst, who.ID, 10)
	w.key("vu")
	w.dst = strconv.AppendUint(w.dst, who.VU, 10)
	w.Int("iteration", who.Iteration)
	w.Text("scenario", who.Scenario)
	w.key("labels")
	w.dst = append(w.dst, '{')
	var few [8]string
	names := few[:0]
	for name := range who.Labels {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		w.Text(name, who.Labels[name])
	}
	w.dst = append(w.dst, '}')
	r.Visit(w)
	if r.Gaps.buckets != nil {
		w.pairs("gapHistogramUs", r.Gaps.histogram())
		if r.Gaps.left > 0 {
			w.Int("uncertainGapCount", r.Gaps.left)
		}
	} else {
		w.key("gapsUs")
		w.dst = append(w.dst, '[')
		for i, us := range r.Gaps.list {
			if i > 0 {
				w.dst = append(w.dst, ',')
			}
			w.dst = strconv.AppendUint(w.dst, uint64(us), 10)
		}
		w.dst = append(w.dst, ']')
		if len(r.Gaps.uncertain) > 0 {
			w.pairs("uncertainGaps", r.Gaps.uncertain)
		}
	}
	if r.PacketMisses > 0 {
		w.Int("packetMisses", r.PacketMisses)
	}
	if len(r.TokensBySecond) > 0 {
		w.pairs("tokensBySecond", r.TokensBySecond)
	}
	return append(w.dst, '}')
}

// line is the Visitor that writes JSON.
type line struct{ dst []byte }

func (w *line) key(name string) {
	if w.dst[len(w.dst)-1] != '{' {
		w.dst = append(w.dst, ',')
	}
	w.quote(name)
	w.dst = append(w.dst, ':')
}

func (w *line) quote(text string) {
	if plain(text) {
		w.dst = append(w.dst, '"')
		w.dst = append(w.dst, text...)
		w.dst = append(w.dst, '"')
		return
	}
	quoted, _ := json.Marshal(text) // a string always marshals
	w.dst = append(w.dst, quoted...)
}

// plain reports whether a text needs no escape between quotes, as is true of every name of ours.
func plain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

func (w *line) Time(name string, nanos int64) {
	w.key(name)
	w.dst = appendMillis(w.dst, nanos)
}

func (w *line) Duration(name string, nanos float64) {
	w.key(name)
	w.dst = strconv.AppendFloat(w.dst, nanos/1e6, 'f', 4, 64)
}

func (w *line) Int(name string, value int64) {
	w.key(name)
	w.dst = strconv.AppendInt(w.dst, value, 10)
}

func (w *line) Text(name, value string) {
	w.key(name)
	w.quote(value)
}

func (w *line) Texts(name string, values []string) {
	w.key(name)
	w.dst = append(w.dst, '[')
	for i, value := range values {
		if i > 0 {
			w.dst = append(w.dst, ',')
		}
		w.quote(value)
	}
	w.dst = append(w.dst, ']')
}

func (w *line) Bool(name string, value bool) {
	w.key(name)
	w.dst = strconv.AppendBool(w.dst, value)
}

func (w *line) Error(name string, value Error) {
	w.key(name)
	w.dst = append(w.dst, '{')
	w.Text("kind", value.Kind)
	w.Text("message", value.Message)
	w.dst = append(w.dst, '}')
}

func (w *line) Fields(name string, fields []Field) {
	w.key(name)
	w.dst = append(w.dst, '{')
	for _, field := range fields {
		switch value := field.Value.(type) {
		case string:
			w.Text(field.Name, value)
		case bool:
			w.Bool(field.Name, value)
		case float64:
			w.key(field.Name)
			w.dst = strconv.AppendFloat(w.dst, value, 'g', -1, 64)
		}
	}
	w.dst = append(w.dst, '}')
}

func (w *line) pairs(name string, pairs [][2]int64) {
	w.key(name)
	w.dst = append(w.dst, '[')
	for i, pair := range pairs {
		if i > 0 {
			w.dst = append(w.dst, ',')
		}
		w.dst = append(w.dst, '[')
		w.dst = strconv.AppendInt(w.dst, pair[0], 10)
		w.dst = append(w.dst, ',')
		w.dst = strconv.AppendInt(w.dst, pair[1], 10)
		w.dst = append(w.dst, ']')
	}
	w.dst = append(w.dst, ']')
}

// micros rounds nanoseconds to whole microseconds.
func micros(nanos int64) int64 { return (nanos + 500) / 1000 }

// Millis is a time in milliseconds with microsecond digits.
func Millis(nanos int64) float64 { return float64(micros(nanos)) / 1000 }

func appendMillis(dst []byte, nanos int64) []byte {
	us := micros(nanos)
	dst = strconv.AppendInt(dst, us/1000, 10)
	if rest := us % 1000; rest != 0 {
		dst = append(dst, '.', byte('0'+rest/100), byte('0'+rest/10%10), byte('0'+rest%10))
	}
	return dst
}
