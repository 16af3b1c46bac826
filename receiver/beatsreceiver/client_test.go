package beatsreceiver

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/config/configtls"
)

// certificate makes one for localhost, for server and client, signed by itself.
func certificate(t *testing.T) (certFile, keyFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	dir := t.TempDir()
	certFile, keyFile = filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key")
	require.NoError(t, os.WriteFile(certFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}), 0o600))
	require.NoError(t, os.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o600))
	return certFile, keyFile
}

// An independent client, written in Python (https://pypi.org/project/pylogbeat/), which counts its sequence
// over all windows of a connection. CULPRIT_PYTHON is an interpreter that has it.
func TestPythonClient(t *testing.T) {
	python := os.Getenv("CULPRIT_PYTHON")
	if python == "" {
		python = "python3"
	}
	if err := exec.Command(python, "-c", "import pylogbeat").Run(); err != nil {
		t.Skip("NOT TESTED: the Python client. Install pylogbeat and set CULPRIT_PYTHON to its interpreter")
	}
	cert, key := certificate(t)
	for name, secure := range map[string]bool{"plain": false, "TLS": true} {
		t.Run(name, func(t *testing.T) {
			p := &pipeline{answers: []error{nil, errors.New("sending queue is full")}}
			address, _ := start(t, p, nil, func(c *Config) {
				c.KeepAlive = time.Millisecond
				if secure {
					c.TLS = configoptional.Some(configtls.ServerConfig{Config: configtls.Config{CertFile: cert, KeyFile: key}})
				}
			})
			_, port, err := net.SplitHostPort(address)
			require.NoError(t, err)
			args := []string{filepath.Join("testdata", "pylogbeat_client.py"), port}
			if secure {
				args = append(args, cert)
			}
			out, err := exec.Command(python, args...).Output()
			require.NoError(t, err)
			assert.Equal(t, "refused\nsent\n", string(out))
			assert.Equal(t, []string{"one", "two", "three", "four"}, p.bodies())
		})
	}
}
