package io.slipway.registry.http;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.registry.config.ListenAddress;
import io.slipway.registry.config.RegistryLimits;
import io.slipway.registry.store.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The event loops and the server sockets. */
final class HttpListener implements AutoCloseable {
  private static final int MAX_EVENT_LOOPS = 8;
  private static final int MAX_LINE = 16 << 10;
  private static final int MAX_HEADERS = 32 << 10;

  /** To Vert.x, any free port that all servers which ask for this number share. */
  private static final int SHARED_FREE_PORT = -1;

  private static final int URI_TOO_LONG = 414;
  private static final int HEADERS_TOO_LARGE = 431;

  private final RegistryLimits limits;
  private final RequestDeadline deadline;
  private final Optional<ServerTls> tls;
  private final Vertx vertx;
  private final int eventLoops;
  private final List<HttpServer> servers = new CopyOnWriteArrayList<>();

  HttpListener(RegistryLimits limits, Optional<ServerTls> tls, Consumer<String> log) {
    this.limits = limits;
    this.deadline = new RequestDeadline(limits.connectionIdle());
    this.tls = tls;
    this.eventLoops = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MAX_EVENT_LOOPS);
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(eventLoops)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
    if (!vertx.isNativeTransportEnabled()) {
      log.accept(
          "native epoll is not available (%s): using the slower java transport"
              .formatted(vertx.unavailableNativeTransportCause().getMessage()));
    }
  }

  /** Which connections wait for a request, and for how long they may. */
  RequestDeadline deadline() {
    return deadline;
  }

  /** Listens with one server per event loop; connections are shared out between them. */
  ListenAddress listen(ListenAddress wanted, Handler<HttpServerRequest> handler) {
    int port = wanted.port() == 0 ? SHARED_FREE_PORT : wanted.port();
    try {
      int bound = port;
      for (int i = 0; i < eventLoops; i++) {
        bound = await(deploy(server(options()), wanted.host(), port, handler)).actualPort();
      }
      tls.ifPresent(t -> t.watch(servers));
      return new ListenAddress(wanted.host(), bound);
    } catch (CompletionException e) {
      throw cannotListen(wanted, e.getCause());
    }
  }

  /** Listens for what is asked seldom and answered at once, without TLS. */
  void listenBeside(ListenAddress wanted, Handler<HttpServerRequest> handler) {
    try {
      int port = wanted.port() == 0 ? SHARED_FREE_PORT : wanted.port();
      await(deploy(vertx.createHttpServer(plain()), wanted.host(), port, handler));
    } catch (CompletionException e) {
      throw cannotListen(wanted, e.getCause());
    }
  }

  private HttpServer server(HttpServerOptions options) {
    HttpServer server =
        vertx
            .createHttpServer(options)
            .connectionHandler(connection -> {
              ReceiveBuffers.enlarge(connection);
              deadline.watch(connection);
            })
            .invalidRequestHandler(HttpListener::refuse);
    servers.add(server);
    return server;
  }

  private Future<HttpServer> deploy(
      HttpServer server, String host, int port, Handler<HttpServerRequest> handler) {
    server.requestHandler(handler);
    return vertx
        .deployVerticle(
            new VerticleBase() {
              @Override
              public Future<?> start() {
                return server.listen(port, host);
              }
            })
        .map(server);
  }

  private HttpServerOptions options() {
    HttpServerOptions plain = plain();
    return tls.map(t -> t.apply(plain)).orElse(plain);
  }

  private HttpServerOptions plain() {
    return new HttpServerOptions()
        .setTcpNoDelay(true)
        .setHttp2ClearTextEnabled(false)
        .setMaxInitialLineLength(MAX_LINE)
        .setMaxHeaderSize(MAX_HEADERS)
        .setMaxChunkSize(ReceiveBuffers.MAX)
        .setIdleTimeout(Math.toIntExact(limits.connectionIdle().toSeconds()))
        .setIdleTimeoutUnit(TimeUnit.SECONDS);
  }

  /** What Netty could not parse, answered like any other error. */
  private static void refuse(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    String name = cause == null ? "" : cause.getClass().getSimpleName();
    int status =
        switch (name) {
          case "TooLongHttpLineException" -> URI_TOO_LONG;
          case "TooLongHttpHeaderException" -> HEADERS_TOO_LARGE;
          default -> 400;
        };
    request
        .response()
        .setStatusCode(status)
        .putHeader(Headers.CONTENT_TYPE, Headers.JSON)
        .putHeader(Headers.CONNECTION, Headers.CLOSE)
        .end(Buffer.buffer(JsonBodies.error(ErrorCode.UNSUPPORTED, "malformed request", "")))
        .onComplete(done -> request.connection().close());
  }

  private static SlipwayException cannotListen(ListenAddress address, Throwable cause) {
    String reason = String.valueOf(cause.getMessage());
    if (reason.contains("already in use")) {
      return new SlipwayException(
          ErrorKind.CONFLICT,
          "cannot listen on " + address + ": the address is in use, choose another port",
          cause);
    }
    return new SlipwayException(
        ErrorKind.INVALID, "cannot listen on " + address + ": " + reason, cause);
  }

  /** Stops accepting, waits for requests under way as long as the limits say, then cuts them. */
  @Override
  public void close() {
    Duration grace = limits.shutdownGrace();
    List<Future<Void>> stopping =
        servers.stream().map(s -> s.shutdown(grace.toMillis(), TimeUnit.MILLISECONDS)).toList();
    for (Future<Void> one : stopping) {
      await(one.otherwiseEmpty());
    }
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }
}
