package house

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// What is deployed by something else than kustomize; test/deploy, a module of its own, knows the Kubernetes types.

var envReference = regexp.MustCompile(`\$\{env:([A-Z0-9_]+)`)

// readBy are the variables that a file of configs/ reads.
func readBy(t *testing.T, file string) map[string]bool {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "configs", file))
	require.NoError(t, err)
	out := map[string]bool{}
	for _, m := range envReference.FindAllStringSubmatch(string(text), -1) {
		out[m[1]] = true
	}
	return out
}

type envVar struct {
	Name, Value string
	ValueFrom   map[string]any `yaml:"valueFrom"`
}

// checkEnv: each variable is read by the configuration that it feeds, or is one of the few that others read.
func checkEnv(t *testing.T, file string, env []envVar) {
	t.Helper()
	require.NotEmpty(t, env)
	read := readBy(t, file)
	for _, e := range env {
		assert.True(t, read[e.Name] || e.Name == "POD_IP" || e.Name == "GOMEMLIMIT", "configs/%s does not read %s", file, e.Name)
		if e.Name == "SENTRY_DSN" {
			assert.NotEmpty(t, e.ValueFrom["secretKeyRef"], "SENTRY_DSN is a secret")
		}
	}
}

func TestHelmValues(t *testing.T) {
	for _, name := range []string{"agent", "gateway"} {
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join(root, "deploy/helm", name+".yaml"))
			require.NoError(t, err)
			var v struct {
				Mode      string
				ExtraEnvs []envVar `yaml:"extraEnvs"`
				ConfigMap struct {
					Create       bool
					ExistingName string `yaml:"existingName"`
				} `yaml:"configMap"`
			}
			require.NoError(t, yaml.Unmarshal(text, &v))
			assert.Equal(t, "culprit-"+name, v.ConfigMap.ExistingName)
			assert.False(t, v.ConfigMap.Create)
			checkEnv(t, name+".yaml", v.ExtraEnvs)
		})
	}
}

// An OpenTelemetryCollector holds its configuration itself: the text of configs/, indented. UPDATE=1 writes it.
func TestOperatorManifests(t *testing.T) {
	for _, name := range []string{"agent", "gateway", "sidecar"} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(root, "deploy/operator", name+".yaml")
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			const key = "\n  config: # generated from configs/"
			at := bytes.Index(text, []byte(key))
			require.Positive(t, at, "no line %q", key)
			end := at + 1 + bytes.IndexByte(text[at+1:], '\n') + 1
			config, err := os.ReadFile(filepath.Join(root, "configs", name+".yaml"))
			require.NoError(t, err)
			want := string(text[:end])
			for line := range strings.Lines(string(config)) {
				if line != "\n" {
					line = "    " + line
				}
				want += line
			}
			if os.Getenv("UPDATE") != "" {
				require.NoError(t, os.WriteFile(path, []byte(want), 0o600))
				t.Fatal("written; run again without UPDATE")
			}
			assert.Equal(t, want, string(text), "UPDATE=1 go test ./test/house writes it")
			var cr struct {
				APIVersion string `yaml:"apiVersion"`
				Spec       struct {
					Env    []envVar
					Config map[string]any
				}
			}
			require.NoError(t, yaml.Unmarshal(text, &cr))
			assert.Equal(t, "opentelemetry.io/v1beta1", cr.APIVersion)
			var original map[string]any
			require.NoError(t, yaml.Unmarshal(config, &original))
			assert.Equal(t, original, cr.Spec.Config)
			checkEnv(t, name+".yaml", cr.Spec.Env)
		})
	}
}

// The fields that we use of https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
type taskDefinition struct {
	Family, NetworkMode, CPU, Memory, ExecutionRoleArn string
	RequiresCompatibilities                            []string
	Volumes                                            []struct{ Name string }
	ContainerDefinitions                               []struct {
		Name, Image, User        string
		Essential                bool
		ReadonlyRootFilesystem   bool
		LinuxParameters          struct{ Capabilities struct{ Drop []string } }
		Command                  []string
		CPU, Memory, StopTimeout int
		DependsOn                []struct{ ContainerName, Condition string }
		Environment              []envVar
		MountPoints              []struct{ SourceVolume, ContainerPath string }
		PortMappings             []struct {
			ContainerPort int
			Protocol      string
		}
	}
}

func TestTaskDefinition(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "deploy/ecs/task-definition.json"))
	require.NoError(t, err)
	var task taskDefinition
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	require.NoError(t, decoder.Decode(&task))
	require.Len(t, task.ContainerDefinitions, 2)
	sidecar := task.ContainerDefinitions[1]
	assert.Equal(t, "10001:10001", sidecar.User)
	assert.True(t, sidecar.ReadonlyRootFilesystem)
	assert.Equal(t, []string{"ALL"}, sidecar.LinuxParameters.Capabilities.Drop)
	require.Len(t, sidecar.Command, 2)
	checkEnv(t, filepath.Base(sidecar.Command[1]), sidecar.Environment)
	require.Len(t, sidecar.MountPoints, 1)
	require.Len(t, task.Volumes, 1)
	assert.Equal(t, task.Volumes[0].Name, sidecar.MountPoints[0].SourceVolume)
}

// The environment file of the packages names what gateway.yaml reads, with its defaults.
func TestPackageEnvironment(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "deploy/packages/otelcol-culprit.env"))
	require.NoError(t, err)
	gateway, err := os.ReadFile(filepath.Join(root, "configs/gateway.yaml"))
	require.NoError(t, err)
	found := 0
	for line := range strings.Lines(string(text)) {
		name, value, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "#"), "=")
		if !ok || strings.Contains(name, " ") || name == "OTELCOL_OPTIONS" {
			continue
		}
		found++
		assert.Contains(t, string(gateway), "${env:"+name+":-"+value+"}")
	}
	assert.Positive(t, found)
}

// Actions are pinned by the hash of a commit, with the version as a comment; a workflow may only read unless a job says more.
func TestWorkflows(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(root, ".github/workflows/*.yml"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	pinned := regexp.MustCompile(`^[a-z0-9-]+/[a-z0-9-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		var w struct {
			Permissions map[string]string
			Jobs        map[string]any
		}
		require.NoError(t, yaml.Unmarshal(text, &w), file)
		assert.Equal(t, map[string]string{"contents": "read"}, w.Permissions, file)
		for line := range strings.Lines(string(text)) {
			if _, action, ok := strings.Cut(line, "uses: "); ok {
				assert.Regexp(t, pinned, strings.TrimSpace(action), file)
			}
		}
	}
}

// What is deployed is the version that is built.
func TestVersions(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "builder-config.yaml"))
	require.NoError(t, err)
	version := regexp.MustCompile(`(?m)^  version: (\S+)$`).FindStringSubmatch(string(text))
	require.Len(t, version, 2)
	named := regexp.MustCompile(`(?:otelcol-culprit:|otelcol-culprit, tag: |\?ref=v|otelcol-culprit_)(\d+\.\d+\.\d+)`)
	found := 0
	require.NoError(t, filepath.WalkDir(filepath.Join(root, "deploy"), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range named.FindAllStringSubmatch(string(text), -1) {
			found++
			assert.Equal(t, version[1], m[1], path)
		}
		return err
	}))
	assert.Greater(t, found, 10)
}
