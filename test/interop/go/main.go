// Command interop is a gRPC server as it is usually written in Go, for Frameline to be tried against.
//
// It listens on a free port of the loopback interface, prints its address as the first line of its standard
// output, and ends when its standard input does.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/reflection"
	v1alpha "google.golang.org/grpc/reflection/grpc_reflection_v1alpha"

	"frameline.dev/interop/interopv1"
)

func main() {
	versions := flag.String("reflection", "both", "versions to offer: both, v1, v1alpha or none")
	cert := flag.String("cert", "", "PEM file with the certificate to serve TLS with")
	key := flag.String("key", "", "PEM file with the key of -cert")
	clientCA := flag.String("client-ca", "", "PEM file with the authority that clients must have a certificate of")
	maxAge := flag.Duration("max-connection-age", 0, "close connections after this time; 0 for never")
	grace := flag.Duration("max-connection-age-grace", time.Second, "what calls get after -max-connection-age")
	maxSize := flag.Int("max-receive-size", 4<<20, "bytes of the largest message that is taken")
	flag.Parse()

	options := []grpc.ServerOption{grpc.MaxRecvMsgSize(*maxSize)}
	if *maxAge > 0 {
		options = append(options, grpc.KeepaliveParams(keepalive.ServerParameters{
			MaxConnectionAge:      *maxAge,
			MaxConnectionAgeGrace: *grace,
		}))
	}
	if *cert != "" {
		config, err := tlsConfig(*cert, *key, *clientCA)
		if err != nil {
			log.Fatal(err)
		}
		options = append(options, grpc.Creds(credentials.NewTLS(config)))
	}
	server := grpc.NewServer(options...)
	interopv1.RegisterLibraryServer(server, &library{})
	checks := health.NewServer()
	checks.SetServingStatus("interop.v1.Library", healthpb.HealthCheckResponse_NOT_SERVING)
	healthpb.RegisterHealthServer(server, checks)
	if err := register(server, *versions); err != nil {
		log.Fatal(err)
	}

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr())
	go func() {
		// Whoever started this server holds the other end, and loses it by dying, too.
		_, _ = io.Copy(io.Discard, os.Stdin)
		server.Stop()
	}()
	if err := server.Serve(listener); err != nil {
		log.Fatal(err)
	}
}

func register(server *grpc.Server, versions string) error {
	switch versions {
	case "both":
		reflection.Register(server)
	case "v1":
		reflection.RegisterV1(server)
	case "v1alpha":
		v1alpha.RegisterServerReflectionServer(server, reflection.NewServer(reflection.ServerOptions{Services: server}))
	case "none":
	default:
		return fmt.Errorf("-reflection %q is none of both, v1, v1alpha, none", versions)
	}
	return nil
}

func tlsConfig(cert, key, clientCA string) (*tls.Config, error) {
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		return nil, err
	}
	config := &tls.Config{Certificates: []tls.Certificate{pair}}
	if clientCA == "" {
		return config, nil
	}
	pem, err := os.ReadFile(clientCA)
	if err != nil {
		return nil, err
	}
	config.ClientCAs = x509.NewCertPool()
	if !config.ClientCAs.AppendCertsFromPEM(pem) {
		return nil, errors.New("-client-ca holds no certificate")
	}
	config.ClientAuth = tls.RequireAndVerifyClientCert
	return config, nil
}
