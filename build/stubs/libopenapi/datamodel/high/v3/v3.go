// Package v3 stands in for libopenapi's model of an OpenAPI 3 document; see build/stubs/README.md.
package v3

import (
	"github.com/pb33f/libopenapi/datamodel/high/base"
	"github.com/pb33f/libopenapi/orderedmap"
)

// Document is a whole OpenAPI document.
type Document struct {
	Version    string
	Info       *base.Info
	Servers    []*Server
	Tags       []*base.Tag
	Paths      *Paths
	Components *Components
}

// Render returns a document without paths that says why it has none.
func (d *Document) Render() ([]byte, error) {
	return []byte("openapi: " + d.Version + "\ninfo:\n  title: Prometheus API\n  version: \"\"\n  description: This collector is built without the description of the API (build/stubs).\npaths: {}\n"), nil
}

// Server that answers.
type Server struct{ URL, Description string }

// Paths of the API.
type Paths struct {
	PathItems *orderedmap.Map[string, *PathItem]
}

// PathItem has the operations of a path.
type PathItem struct{ Get, Post, Put, Delete, Options *Operation }

// Operation of a path.
type Operation struct {
	OperationId, Summary, Description string //nolint:revive // the name is the library's
	Tags                              []string
	Parameters                        []*Parameter
	RequestBody                       *RequestBody
	Responses                         *Responses
}

// Parameter of an operation.
type Parameter struct {
	Name, In, Description string
	Required, Explode     *bool
	Schema                *base.SchemaProxy
	Examples              *orderedmap.Map[string, *base.Example]
}

// RequestBody of an operation.
type RequestBody struct {
	Required    *bool
	Description string
	Content     *orderedmap.Map[string, *MediaType]
}

// Responses of an operation by status.
type Responses struct {
	Codes *orderedmap.Map[string, *Response]
}

// Response of an operation.
type Response struct {
	Description string
	Content     *orderedmap.Map[string, *MediaType]
}

// MediaType of a body.
type MediaType struct {
	Schema, ItemSchema *base.SchemaProxy
	Examples           *orderedmap.Map[string, *base.Example]
}

// Components that paths refer to.
type Components struct {
	Schemas *orderedmap.Map[string, *base.SchemaProxy]
}
