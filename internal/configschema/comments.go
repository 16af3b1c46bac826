package configschema

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"reflect"
	"strings"
)

// Comments are the doc comments of structs' fields, read from source when they are asked for.
type Comments struct {
	dirs   map[string]string            // by import path
	fields map[string]map[string]string // by import path; "Type.Field" -> text
}

// NewComments reads sources from the given folders, by import path.
func NewComments(dirs map[string]string) *Comments {
	return &Comments{dirs: dirs, fields: map[string]map[string]string{}}
}

// Field is the comment of a field in one line; empty when there is none. Only our own are shown: others' texts are theirs.
func (c *Comments) Field(t reflect.Type, field string) string {
	if !strings.HasPrefix(t.PkgPath(), own) {
		return ""
	}
	known, ok := c.fields[t.PkgPath()]
	if !ok {
		known = c.read(c.dirs[t.PkgPath()])
		c.fields[t.PkgPath()] = known
	}
	name, _, _ := strings.Cut(t.Name(), "[")
	return known[name+"."+field]
}

func (*Comments) read(dir string) map[string]string {
	found := map[string]string{}
	if dir == "" {
		return found
	}
	notTests := func(f fs.FileInfo) bool { return !strings.HasSuffix(f.Name(), "_test.go") }
	packages, err := parser.ParseDir(token.NewFileSet(), dir, notTests, parser.ParseComments|parser.SkipObjectResolution) //nolint:staticcheck // one folder, no build tags to mind
	if err != nil {
		return found
	}
	for _, p := range packages {
		ast.Inspect(p, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			if s, ok := spec.Type.(*ast.StructType); ok {
				for _, f := range s.Fields.List {
					text := f.Doc.Text()
					if text == "" {
						text = f.Comment.Text()
					}
					for _, name := range f.Names {
						found[spec.Name.Name+"."+name.Name] = sentence(text, name.Name)
					}
				}
			}
			return true
		})
	}
	return found
}

// sentence is a comment in one line, without the field's name that Go comments begin with.
func sentence(text, field string) string {
	line := strings.Join(strings.Fields(text), " ")
	for _, begin := range []string{field + " is ", field + " are ", field + ": ", field + " "} {
		if rest, ok := strings.CutPrefix(line, begin); ok {
			return rest
		}
	}
	return line
}
