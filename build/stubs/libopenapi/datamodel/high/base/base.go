// Package base stands in for libopenapi's model of an OpenAPI document; see build/stubs/README.md.
package base

import (
	"github.com/pb33f/libopenapi/orderedmap"
	"go.yaml.in/yaml/v4"
)

// DynamicValue is one of two types: A when N is 0, B when it is 1.
type DynamicValue[A, B any] struct {
	N int
	A A
	B B
}

// SchemaProxy is a schema or a reference to one.
type SchemaProxy struct{}

// CreateSchemaProxy returns an empty proxy.
func CreateSchemaProxy(*Schema) *SchemaProxy { return &SchemaProxy{} }

// CreateSchemaProxyRef returns an empty proxy.
func CreateSchemaProxyRef(string) *SchemaProxy { return &SchemaProxy{} }

// Schema of a value.
type Schema struct {
	Title, Description, Format string
	Type, Required             []string
	Properties                 *orderedmap.Map[string, *SchemaProxy]
	AdditionalProperties       *DynamicValue[*SchemaProxy, bool]
	Items                      *DynamicValue[*SchemaProxy, bool]
	OneOf, AnyOf               []*SchemaProxy
	Enum                       []*yaml.Node
	Default, Example           *yaml.Node
	Minimum                    *float64
	MinItems, MaxItems         *int64
	ContentMediaType           string
	ContentSchema              *SchemaProxy
}

// Example of a value.
type Example struct {
	Summary, Description string
	Value                *yaml.Node
}

// Info about the document.
type Info struct {
	Title, Description, Version string
	Contact                     *Contact
}

// Contact of the authors.
type Contact struct{ Name, URL, Email string }

// Tag groups operations.
type Tag struct{ Name, Summary, Description string }
