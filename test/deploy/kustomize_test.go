package deploy

import (
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

const root = "../.."

// kinds are the API types that the manifests may use; a manifest of another kind fails until it is added here.
var kinds = map[string]func() any{
	"v1/Namespace":                                    func() any { return &corev1.Namespace{} },
	"v1/ServiceAccount":                               func() any { return &corev1.ServiceAccount{} },
	"v1/Service":                                      func() any { return &corev1.Service{} },
	"v1/ConfigMap":                                    func() any { return &corev1.ConfigMap{} },
	"v1/PersistentVolumeClaim":                        func() any { return &corev1.PersistentVolumeClaim{} },
	"apps/v1/Deployment":                              func() any { return &appsv1.Deployment{} },
	"apps/v1/DaemonSet":                               func() any { return &appsv1.DaemonSet{} },
	"apps/v1/StatefulSet":                             func() any { return &appsv1.StatefulSet{} },
	"policy/v1/PodDisruptionBudget":                   func() any { return &policyv1.PodDisruptionBudget{} },
	"autoscaling/v2/HorizontalPodAutoscaler":          func() any { return &autoscalingv2.HorizontalPodAutoscaler{} },
	"networking.k8s.io/v1/NetworkPolicy":              func() any { return &networkingv1.NetworkPolicy{} },
	"rbac.authorization.k8s.io/v1/ClusterRole":        func() any { return &rbacv1.ClusterRole{} },
	"rbac.authorization.k8s.io/v1/ClusterRoleBinding": func() any { return &rbacv1.ClusterRoleBinding{} },
}

// manifests are the decoded objects of one overlay.
type manifests struct {
	configs  map[string]map[string]string // ConfigMap -> file -> text
	accounts []string
	services []*corev1.Service
	policies []*networkingv1.NetworkPolicy
	budgets  []*policyv1.PodDisruptionBudget
	scalers  []*autoscalingv2.HorizontalPodAutoscaler
	pods     map[string]*corev1.PodTemplateSpec // kind/name -> template
	selects  map[string]map[string]string       // kind/name -> labels that it selects by
	claims   map[string][]string                // kind/name -> volumeClaimTemplates
	pvcs     []string
}

// build renders a kustomization and decodes each object strictly: an unknown or doubled field is an error.
func build(t *testing.T, dir string) *manifests {
	t.Helper()
	objects, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), dir)
	require.NoError(t, err)
	m := &manifests{
		configs: map[string]map[string]string{}, pods: map[string]*corev1.PodTemplateSpec{},
		selects: map[string]map[string]string{}, claims: map[string][]string{},
	}
	for _, r := range objects.Resources() {
		id := r.GetKind() + "/" + r.GetName()
		text, err := r.AsYAML()
		require.NoError(t, err, id)
		create, ok := kinds[r.GetApiVersion()+"/"+r.GetKind()]
		require.True(t, ok, "%s: kind %s/%s is not known to this test", id, r.GetApiVersion(), r.GetKind())
		object := create()
		require.NoError(t, yaml.UnmarshalStrict(text, object), id)
		m.add(id, object)
	}
	return m
}

func (m *manifests) add(id string, object any) {
	switch o := object.(type) {
	case *corev1.ConfigMap:
		m.configs[o.Name] = o.Data
	case *corev1.ServiceAccount:
		m.accounts = append(m.accounts, o.Name)
	case *corev1.Service:
		m.services = append(m.services, o)
	case *corev1.PersistentVolumeClaim:
		m.pvcs = append(m.pvcs, o.Name)
	case *networkingv1.NetworkPolicy:
		m.policies = append(m.policies, o)
	case *policyv1.PodDisruptionBudget:
		m.budgets = append(m.budgets, o)
	case *autoscalingv2.HorizontalPodAutoscaler:
		m.scalers = append(m.scalers, o)
	case *appsv1.Deployment:
		m.pods[id], m.selects[id] = &o.Spec.Template, o.Spec.Selector.MatchLabels
	case *appsv1.DaemonSet:
		m.pods[id], m.selects[id] = &o.Spec.Template, o.Spec.Selector.MatchLabels
	case *appsv1.StatefulSet:
		m.pods[id], m.selects[id] = &o.Spec.Template, o.Spec.Selector.MatchLabels
		for _, c := range o.Spec.VolumeClaimTemplates {
			m.claims[id] = append(m.claims[id], c.Name)
		}
	}
}

func overlays(t *testing.T) []string {
	t.Helper()
	dirs, err := filepath.Glob(filepath.Join(root, "deploy/kubernetes/overlays/*"))
	require.NoError(t, err)
	require.NotEmpty(t, dirs)
	return dirs
}

// variants are all overlays, and the components that no overlay uses laid over one.
func variants(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, dir := range overlays(t) {
		out[filepath.Base(dir)] = dir
	}
	abs, err := filepath.Abs(filepath.Join(root, "deploy/kubernetes"))
	require.NoError(t, err)
	dir := t.TempDir()
	relative, err := filepath.Rel(realpath(t, dir), realpath(t, abs))
	require.NoError(t, err)
	text := fmt.Sprintf("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: culprit\nresources: [%[1]s/overlays/daemonset-gateway]\ncomponents: [%[1]s/components/page]\n", relative)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "kustomization.yaml"), []byte(text), 0o600))
	out["with-page"] = dir
	return out
}

func realpath(t *testing.T, path string) string {
	t.Helper()
	out, err := filepath.EvalSymlinks(path)
	require.NoError(t, err)
	return out
}

func TestKustomize(t *testing.T) {
	for name, dir := range variants(t) {
		t.Run(name, func(t *testing.T) {
			m := build(t, dir)
			require.NotEmpty(t, m.pods)
			for id, pod := range m.pods {
				assert.Subset(t, pod.Labels, m.selects[id], "%s selects pods that it does not make", id)
				if a := pod.Spec.ServiceAccountName; a != "" {
					assert.Contains(t, m.accounts, a, id)
				}
				checkVolumes(t, m, id, pod)
				for _, c := range slices.Concat(pod.Spec.InitContainers, pod.Spec.Containers) {
					if strings.Contains(c.Image, "otelcol-culprit") {
						checkCollector(t, m, id, pod, &c)
					}
				}
			}
			checkReferences(t, m)
		})
	}
}

// checkVolumes: what is mounted is declared, and what is declared exists.
func checkVolumes(t *testing.T, m *manifests, id string, pod *corev1.PodTemplateSpec) {
	volumes := slices.Clone(m.claims[id])
	for _, v := range pod.Spec.Volumes {
		volumes = append(volumes, v.Name)
		if c := v.ConfigMap; c != nil {
			files, ok := m.configs[c.Name]
			assert.True(t, ok, "%s: no ConfigMap %s", id, c.Name)
			for _, item := range c.Items {
				assert.Contains(t, files, item.Key, "%s: ConfigMap %s", id, c.Name)
			}
		}
		if c := v.PersistentVolumeClaim; c != nil {
			assert.Contains(t, m.pvcs, c.ClaimName, id)
		}
	}
	for _, c := range slices.Concat(pod.Spec.InitContainers, pod.Spec.Containers) {
		for _, mount := range c.VolumeMounts {
			assert.Contains(t, volumes, mount.Name, "%s: %s mounts it", id, c.Name)
		}
	}
}

// gate is what agents are started with; see file_log in docs/inputs/files.md.
const gate = "--feature-gates=stanza.synchronousLogEmitter"

var (
	fromEnv   = regexp.MustCompile(`\$\{env:([A-Z0-9_]+)`)
	reference = regexp.MustCompile(`\$\(([A-Z0-9_]+)\)`)
	// not read by a configuration: what other variables are made of, and what Go reads.
	others = []string{"POD_IP", "NODE_NAME", "GOMEMLIMIT"}
)

// checkCollector: the files of --config exist, read each variable that is set, and the container has least privileges.
func checkCollector(t *testing.T, m *manifests, id string, pod *corev1.PodTemplateSpec, c *corev1.Container) {
	read := map[string]bool{}
	require.NotEmpty(t, c.Args, id)
	for _, arg := range c.Args {
		if arg == gate {
			continue
		}
		path, ok := strings.CutPrefix(arg, "--config=")
		require.True(t, ok, "%s: %s", id, arg)
		for _, match := range fromEnv.FindAllStringSubmatch(mounted(t, m, id, pod, c, path), -1) {
			read[match[1]] = true
		}
		if strings.Contains(mounted(t, m, id, pod, c, path), "node_from_env_var: NODE_NAME") {
			read["NODE_NAME"] = true
		}
	}
	set := map[string]bool{}
	for _, e := range c.Env {
		assert.False(t, set[e.Name], "%s: %s is set twice", id, e.Name)
		for _, match := range reference.FindAllStringSubmatch(e.Value, -1) {
			assert.True(t, set[match[1]], "%s: %s uses %s, which must stand before it", id, e.Name, match[1])
		}
		set[e.Name] = true
		assert.True(t, read[e.Name] || slices.Contains(others, e.Name), "%s: no configuration of the container reads %s", id, e.Name)
		if strings.Contains(e.Name, "PASSWORD") || strings.Contains(e.Name, "DSN") {
			assert.True(t, e.ValueFrom != nil && e.ValueFrom.SecretKeyRef != nil, "%s: %s is a secret", id, e.Name)
		}
	}
	for _, name := range []string{"STATE_DIRECTORY", "HEALTH_ENDPOINT", "GOMEMLIMIT"} {
		assert.True(t, set[name], "%s: %s", id, name)
	}
	s := c.SecurityContext
	require.NotNil(t, s, id)
	assert.Equal(t, []corev1.Capability{"ALL"}, s.Capabilities.Drop, id)
	assert.Empty(t, s.Capabilities.Add, id)
	assert.True(t, *s.ReadOnlyRootFilesystem, id)
	assert.False(t, *s.AllowPrivilegeEscalation, id)
	assert.False(t, c.Resources.Limits.Memory().IsZero(), "%s: memory limit", id)
	require.NotNil(t, c.StartupProbe, id)
	require.NotNil(t, c.LivenessProbe, id)
	for _, p := range []*corev1.Probe{c.StartupProbe, c.LivenessProbe, c.ReadinessProbe} {
		if p != nil {
			assert.Equal(t, int32(13133), portNamed(c, p.HTTPGet.Port.StrVal), id)
		}
	}
}

// mounted is the text that a container finds at a path: a file of a ConfigMap.
func mounted(t *testing.T, m *manifests, id string, pod *corev1.PodTemplateSpec, c *corev1.Container, path string) string {
	t.Helper()
	for _, mount := range c.VolumeMounts {
		file, ok := strings.CutPrefix(path, mount.MountPath+"/")
		if !ok {
			continue
		}
		for _, v := range pod.Spec.Volumes {
			if v.Name != mount.Name || v.ConfigMap == nil {
				continue
			}
			key := file
			if len(v.ConfigMap.Items) > 0 {
				require.Len(t, v.ConfigMap.Items, 1, id)
				require.Equal(t, file, v.ConfigMap.Items[0].Path, id)
				key = v.ConfigMap.Items[0].Key
			}
			return m.configs[v.ConfigMap.Name][key]
		}
	}
	require.Fail(t, "no file", "%s: %s", id, path)
	return ""
}

func portNamed(c *corev1.Container, name string) int32 {
	for _, p := range c.Ports {
		if p.Name == name {
			return p.ContainerPort
		}
	}
	return 0
}

// checkReferences: services, policies, budgets and scalers select pods that exist; target ports exist there.
func checkReferences(t *testing.T, m *manifests) {
	selected := func(labels map[string]string) (out []*corev1.PodTemplateSpec) {
		for _, id := range slices.Sorted(maps.Keys(m.pods)) {
			matches := len(labels) > 0
			for k, v := range labels {
				matches = matches && m.pods[id].Labels[k] == v
			}
			if matches {
				out = append(out, m.pods[id])
			}
		}
		return out
	}
	for _, s := range m.services {
		pods := selected(s.Spec.Selector)
		require.Len(t, pods, 1, "Service %s", s.Name)
		for _, p := range s.Spec.Ports {
			found := false
			for _, c := range pods[0].Spec.Containers {
				found = found || portNamed(&c, p.TargetPort.StrVal) != 0
			}
			assert.True(t, found, "Service %s: port %s", s.Name, p.TargetPort.StrVal)
		}
	}
	for _, p := range m.policies {
		assert.Len(t, selected(p.Spec.PodSelector.MatchLabels), 1, "NetworkPolicy %s", p.Name)
	}
	for _, b := range m.budgets {
		assert.Len(t, selected(b.Spec.Selector.MatchLabels), 1, "PodDisruptionBudget %s", b.Name)
	}
	for _, s := range m.scalers {
		assert.Contains(t, m.pods, s.Spec.ScaleTargetRef.Kind+"/"+s.Spec.ScaleTargetRef.Name)
	}
}

// The ConfigMap is the files of configs/, not a copy.
func TestConfigMapIsConfigs(t *testing.T) {
	for _, dir := range overlays(t) {
		for name, files := range build(t, dir).configs {
			if !strings.HasPrefix(name, "culprit-configs-") {
				continue
			}
			for file, text := range files {
				f, err := os.Open(filepath.Join(root, "configs", file))
				require.NoError(t, err)
				want, err := io.ReadAll(f)
				require.NoError(t, f.Close())
				require.NoError(t, err)
				assert.Equal(t, string(want), text, file)
			}
		}
	}
}
