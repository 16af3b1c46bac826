// Package deploy tests the manifests in deploy/ against the Kubernetes API types. It is a module of its own: these types and
// kustomize are no dependency of the collector.
//
// What it cannot see is what only a server refuses, such as a name that is no DNS label. A kube-apiserver could be built out of
// k8s.io/kubernetes with etcd; that compiles for longer than all other tests run, so it is not done here.
package deploy
