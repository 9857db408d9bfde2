package dev.frameline.interop;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import interop.v1.LibraryGrpc;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A gRPC server as it is usually written in Java, for Frameline to be tried against.
 *
 * <p>It listens on a free port of the loopback interface, prints its address as the first line of
 * its standard output, and ends when its standard input does.
 */
public final class InteropServer {
  /** The files are PEM, the times milliseconds, the size bytes: {@code --cert=server.pem}. */
  private static final Set<String> FLAGS =
      Set.of(
          "cert",
          "key",
          "client-ca",
          "max-connection-age",
          "max-connection-age-grace",
          "max-receive-size");

  public static void main(String[] args) throws Exception {
    Server server = create(parse(args)).start();
    System.out.println("127.0.0.1:" + server.getPort());
    // Whoever started this server holds the other end, and loses it by dying, too.
    System.in.transferTo(OutputStream.nullOutputStream());
    server.shutdownNow().awaitTermination();
  }

  private static Server create(Map<String, String> flags) throws IOException {
    var health = new HealthStatusManager();
    health.setStatus(LibraryGrpc.SERVICE_NAME, ServingStatus.NOT_SERVING);
    var loopback = new InetSocketAddress("127.0.0.1", 0);
    var builder =
        NettyServerBuilder.forAddress(loopback, credentials(flags))
            .addService(new Library())
            .addService(health.getHealthService())
            .addService(ProtoReflectionServiceV1.newInstance())
            .addService(ProtoReflectionService.newInstance())
            .intercept(new CallMetadata.Interceptor());
    if (flags.containsKey("max-connection-age")) {
      var age = Long.parseLong(flags.get("max-connection-age"));
      var grace = Long.parseLong(flags.getOrDefault("max-connection-age-grace", "1000"));
      builder.maxConnectionAge(age, TimeUnit.MILLISECONDS);
      builder.maxConnectionAgeGrace(grace, TimeUnit.MILLISECONDS);
    }
    if (flags.containsKey("max-receive-size")) {
      builder.maxInboundMessageSize(Integer.parseInt(flags.get("max-receive-size")));
    }
    return builder.build();
  }

  private static ServerCredentials credentials(Map<String, String> flags) throws IOException {
    if (!flags.containsKey("cert")) {
      return InsecureServerCredentials.create();
    }
    var tls = TlsServerCredentials.newBuilder();
    tls.keyManager(new File(flags.get("cert")), new File(flags.get("key")));
    if (flags.containsKey("client-ca")) {
      tls.trustManager(new File(flags.get("client-ca")));
      tls.clientAuth(TlsServerCredentials.ClientAuth.REQUIRE);
    }
    return tls.build();
  }

  private static Map<String, String> parse(String[] args) {
    var flags = new HashMap<String, String>();
    for (var arg : args) {
      var parts = arg.split("=", 2);
      var name = parts[0].replaceFirst("^--", "");
      if (parts.length < 2 || !FLAGS.contains(name)) {
        throw new IllegalArgumentException(arg + " is none of " + FLAGS + " with a value");
      }
      flags.put(name, parts[1]);
    }
    return flags;
  }
}
