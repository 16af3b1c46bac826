// Package deploy tests the manifests in deploy/ against the Kubernetes API types. It is a module of its own: these types and
// kustomize are no dependency of the collector.
package deploy
