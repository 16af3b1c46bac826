package card

// Doc is a text without markup. Renderers escape every string of it.
type Doc []Block

// Block is a part of a [Doc]; exactly one field is set.
type Block struct {
	Heading string
	Para    []Span
	Facts   []Fact
	Code    string
}

// Span is a run of text, a link where it has a URL.
type Span struct {
	Text string
	URL  string
}

// Fact is a line of a table.
type Fact struct {
	Name  string
	Value string
}

func para(text string) Block { return Block{Para: []Span{{Text: text}}} }

func (d *Doc) fact(name, value string) {
	if value == "" {
		return
	}
	last := len(*d) - 1
	if last < 0 || (*d)[last].Facts == nil {
		*d = append(*d, Block{})
		last++
	}
	(*d)[last].Facts = append((*d)[last].Facts, Fact{name, value})
}
