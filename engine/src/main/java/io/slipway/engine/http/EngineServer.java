package io.slipway.engine.http;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Serves the route table on unix sockets and ports. Event loops parse and move bytes; every request
 * runs on a virtual thread of its own.
 */
public final class EngineServer implements AutoCloseable {
  /** Filters can be long, and so can the credentials of many registries. */
  private static final int MAX_REQUEST_LINE_BYTES = 256 << 10;

  private static final int MAX_HEADER_BYTES = 1 << 20;
  private static final int MAX_CHUNK_BYTES = 64 << 10;
  private static final int EVENT_LOOPS = 2;
  private static final long START_SECONDS = 30;

  private final RouteTable routes;
  private final Map<String, String> commonHeaders;
  private final Vertx vertx;
  private final BrokenRequests broken;
  private final List<UnixSocketFile> sockets = new ArrayList<>();
  private final List<TlsRelay> relays = new ArrayList<>();
  private final List<ListenAddress> bound = new ArrayList<>();
  private final Set<HijackedSocket> hijacked = ConcurrentHashMap.newKeySet();

  private final AtomicInteger underWay = new AtomicInteger();
  private volatile Instant lastRequest = Instant.now();

  private EngineServer(RouteTable routes, String serverName) {
    this.routes = routes;
    this.commonHeaders = commonHeaders(serverName);
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(EVENT_LOOPS)
                // no folder in /tmp that a killed daemon would leave
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
    this.broken = new BrokenRequests(vertx, MAX_REQUEST_LINE_BYTES, MAX_HEADER_BYTES);
  }

  /**
   * Starts to listen on every address.
   *
   * @param serverName the {@code Server} header of all answers
   * @throws SlipwayException with one line that says which address cannot be had and why; then
   *     nothing is left behind
   */
  public static EngineServer start(
      RouteTable routes, String serverName, List<ListenAddress> addresses) {
    EngineServer server = new EngineServer(routes, serverName);
    try {
      server.requireNativeTransport();
      for (ListenAddress address : addresses) {
        server.listen(address);
      }
      return server;
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /** The addresses with their real ports. */
  public List<ListenAddress> addresses() {
    return List.copyOf(bound);
  }

  private static Map<String, String> commonHeaders(String serverName) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Api-Version", ApiVersion.MAX.toString());
    headers.put("Docker-Experimental", "false");
    headers.put("Ostype", "linux");
    headers.put("Server", serverName);
    return headers;
  }

  private void requireNativeTransport() {
    if (!vertx.isNativeTransportEnabled()) {
      throw new SlipwayException(
          ErrorKind.UNSUPPORTED,
          "native epoll transport is not available, and without it attached containers lose their"
              + " input: "
              + vertx.unavailableNativeTransportCause());
    }
  }

  private void listen(ListenAddress address) {
    switch (address) {
      case ListenAddress.Unix unix -> {
        UnixSocketFile file = UnixSocketFile.claim(unix.path());
        await(address, SocketAddress.domainSocketAddress(unix.path().toString()), false);
        sockets.add(file);
        file.restrict();
        bound.add(address);
      }
      case ListenAddress.Tcp tcp -> {
        HttpServer server =
            await(address, SocketAddress.inetSocketAddress(tcp.port(), tcp.host()), false);
        bound.add(new ListenAddress.Tcp(tcp.host(), server.actualPort()));
      }
      case ListenAddress.Tls tls -> {
        UnixSocketFile file = UnixSocketFile.claim(tls.relay());
        await(address, SocketAddress.domainSocketAddress(tls.relay().toString()), true);
        sockets.add(file);
        file.restrict();
        relays.add(TlsRelay.start(tls));
        bound.add(tls.withPort(relays.getLast().port()));
      }
    }
  }

  private HttpServer await(ListenAddress address, SocketAddress socket, boolean relayed) {
    try {
      return vertx
          .createHttpServer(options())
          .requestHandler(request -> accept(request, relayed))
          .invalidRequestHandler(broken::answer)
          .listen(socket)
          .toCompletionStage()
          .toCompletableFuture()
          .get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw cannotListen(address, e.getCause());
    } catch (TimeoutException e) {
      throw cannotListen(address, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SlipwayException(ErrorKind.CANCELLED, "interrupted while opening " + address, e);
    }
  }

  static SlipwayException cannotListen(ListenAddress address, Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    String reason =
        message.contains("Address already in use")
            ? "address already in use"
            : message.contains("Permission denied") ? "permission denied" : message;
    return new SlipwayException(
        ErrorKind.UNAVAILABLE, "cannot listen on " + address + ": " + reason, cause);
  }

  private static HttpServerOptions options() {
    return new HttpServerOptions()
        .setMaxInitialLineLength(MAX_REQUEST_LINE_BYTES)
        .setMaxHeaderSize(MAX_HEADER_BYTES)
        .setMaxChunkSize(MAX_CHUNK_BYTES)
        .setHandle100ContinueAutomatically(true)
        // docker upgrades to h2c without HTTP2-Settings, which Vert.x would refuse by itself
        .setHttp2ClearTextEnabled(false);
  }

  private void accept(HttpServerRequest request, boolean relayed) {
    Exchange exchange = new Exchange(routes, commonHeaders, request, relayed, this::track);
    Thread.ofVirtual().name("request " + request.path()).start(() -> answer(exchange));
  }

  private void answer(Exchange exchange) {
    underWay.incrementAndGet();
    try {
      exchange.run();
    } finally {
      lastRequest = Instant.now();
      underWay.decrementAndGet();
    }
  }

  /** Whether a request is being answered now. */
  public boolean isBusy() {
    return underWay.get() > 0;
  }

  /** When the last request had been answered; when it started if there was none. */
  public Instant lastRequest() {
    return lastRequest;
  }

  private void track(HijackedSocket socket) {
    hijacked.add(socket);
    socket.closed().onCancel(() -> hijacked.remove(socket));
  }

  /** Stops listening, ends open connections and removes the socket files. */
  @Override
  public void close() {
    try {
      relays.forEach(TlsRelay::close);
      hijacked.forEach(HijackedSocket::close);
      vertx.close().toCompletionStage().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new SlipwayException(ErrorKind.INTERNAL, "cannot close the listeners: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      sockets.forEach(UnixSocketFile::close);
    }
  }
}
