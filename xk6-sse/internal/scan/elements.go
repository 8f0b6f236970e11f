package scan

// EachElement visits the elements of an array that a Scanner found, in order.
func EachElement(array []byte, visit func(element []byte)) {
	var open nest
	i := space(array, 1)
	for peek(array, i) != ']' {
		end, err := open.skip(array, i, 0)
		if err != nil {
			return
		}
		visit(array[i:end])
		if i = space(array, end); peek(array, i) == ',' {
			i = space(array, i+1)
		}
	}
}

// EachText visits the non-empty strings within a valid JSON text, each with its path: `*` for each element of an array.
// Both are valid during the visit only. What is nested deeper than the path has room for is left out.
func EachText(event, path []byte, visit func(path, text []byte)) {
	walkTexts(event, space(event, 0), path[:0], visit)
}

// maxPath is how long a path may be.
const maxPath = 200

func walkTexts(b []byte, i int, path []byte, visit func(path, text []byte)) int {
	switch peek(b, i) {
	case '"':
		end, _, err := text(b, i+1)
		if err != nil {
			return len(b)
		}
		if end > i+1 {
			visit(path, b[i+1:end])
		}
		return end + 1
	case '{':
		for i = space(b, i+1); peek(b, i) == '"'; i = space(b, i) {
			next, lo, hi, _, err := member(b, i)
			if err != nil || len(path)+hi-lo > maxPath {
				return len(b)
			}
			i = space(b, walkTexts(b, next, append(below(path), b[lo:hi]...), visit))
			if peek(b, i) == ',' {
				i++
			}
		}
		return i + 1
	case '[':
		for i = space(b, i+1); i < len(b) && b[i] != ']'; i = space(b, i) {
			if len(path) > maxPath {
				return len(b)
			}
			i = space(b, walkTexts(b, i, append(below(path), '*'), visit))
			if peek(b, i) == ',' {
				i++
			}
		}
		return i + 1
	}
	end, _, err := scalar(b, i)
	if err != nil {
		return len(b)
	}
	return end
}

// below is the path with a dot behind it, unless it is the root's.
func below(path []byte) []byte {
	if len(path) == 0 {
		return path
	}
	return append(path, '.')
}
