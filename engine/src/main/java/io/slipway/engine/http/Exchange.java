package io.slipway.engine.http;

import io.slipway.image.error.SlipwayException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;

/** One request from its arrival to the last byte of its answer. */
final class Exchange implements Runnable {
  private static final System.Logger LOG = System.getLogger("io.slipway.engine.http");

  private final RouteTable routes;
  private final Map<String, String> commonHeaders;
  private final HttpServerRequest http;
  private final boolean relayed;
  private final HttpServerResponse response;
  private final RequestBody body;
  private final Cancellation cancellation = new Cancellation();
  private final Consumer<HijackedSocket> hijacked;
  private final ResponseStream stream;

  /**
   * Must be made on the request's event loop.
   *
   * @param relayed whether the client is on the other side of a TLS connection
   */
  Exchange(
      RouteTable routes,
      Map<String, String> commonHeaders,
      HttpServerRequest http,
      boolean relayed,
      Consumer<HijackedSocket> hijacked) {
    this.routes = routes;
    this.commonHeaders = commonHeaders;
    this.http = http;
    this.relayed = relayed;
    this.response = http.response();
    this.hijacked = hijacked;
    this.body = new RequestBody(http);
    this.stream = new ResponseStream(response);
    response.exceptionHandler(this::clientGone);
    response.closeHandler(nothing -> clientGone(new IOException("connection closed")));
  }

  private void clientGone(Throwable cause) {
    stream.fail(cause);
    cancellation.cancel();
  }

  @Override
  public void run() {
    try {
      commonHeaders.forEach(response::putHeader);
      send(answer());
    } catch (IOException e) {
      abort(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      abort(e);
    } catch (RuntimeException | Error e) {
      // what a client that vanished left undone is no fault of ours
      if (!(e instanceof SlipwayException) || !cancellation.isCancelled()) {
        LOG.log(System.Logger.Level.ERROR, http.method() + " " + http.path() + " failed", e);
      }
      abort(e);
    }
  }

  private Reply answer() throws InterruptedException {
    try {
      RouteTable.Match match = routes.find(http.method().name(), http.path());
      Request request =
          new Request(
              http.method().name(),
              http.path(),
              match.version(),
              match.parameters(),
              Query.parse(http.query()),
              new Headers(http.headers().entries()),
              body,
              cancellation,
              isLocal());
      return match.handler().handle(request);
    } catch (IOException | RuntimeException e) {
      return ErrorMapper.reply(e);
    }
  }

  /** A unix socket has no address, and what comes through it may have been relayed. */
  private boolean isLocal() {
    if (relayed) {
      return false;
    }
    SocketAddress client = http.remoteAddress();
    String host = client == null ? null : client.hostAddress();
    return host == null || host.startsWith("127.") || host.equals("0:0:0:0:0:0:0:1");
  }

  private void send(Reply reply) throws IOException, InterruptedException {
    switch (reply) {
      case Reply.Whole whole -> sendWhole(whole);
      case Reply.Stream streamed -> sendStream(streamed);
      case Reply.Hijack hijack -> talk(head(hijack), hijack.talk());
      case Reply.Socket socket ->
          talk(
              socket.head(),
              stream -> {
                WebSocket framed = new WebSocket(stream, socket.binary());
                socket.talk().talk(framed);
                framed.end();
              });
    }
  }

  private void sendWhole(Reply.Whole whole) {
    boolean complete = body.discard();
    response.setStatusCode(whole.status());
    whole.headers().forEach(response::putHeader);
    if (!whole.contentType().isEmpty()) {
      response.putHeader("Content-Type", whole.contentType());
    }
    if (!complete) {
      // the client is still sending what nobody reads: it shall stop and not reuse the connection
      response.putHeader("Connection", "close");
    }
    response.end(Buffer.buffer(whole.body()));
  }

  private void sendStream(Reply.Stream streamed) throws IOException, InterruptedException {
    response.setChunked(true).putHeader("Content-Type", streamed.contentType());
    streamed.headers().forEach(response::putHeader);
    if (streamed.eager()) {
      stream.commit();
    }
    try {
      streamed.writer().write(stream);
    } catch (IOException | RuntimeException e) {
      if (response.headWritten() || cancellation.isCancelled()) {
        throw e;
      }
      response.setChunked(false);
      streamed.headers().keySet().forEach(response.headers()::remove);
      sendWhole(ErrorMapper.reply(e));
      return;
    }
    body.discard();
    response.end();
  }

  private void talk(String head, Reply.Talk talk) throws IOException, InterruptedException {
    HijackedSocket socket = Hijack.take(http, head);
    hijacked.accept(socket);
    socket.closed().onCancel(cancellation::cancel);
    try {
      talk.talk(socket);
    } finally {
      socket.finish();
    }
  }

  private String head(Reply.Hijack hijack) {
    String upgrade = http.getHeader("Upgrade");
    if (upgrade == null) {
      return "HTTP/1.1 200 OK\r\nContent-Type: " + Reply.RAW_STREAM + "\r\n\r\n";
    }
    StringBuilder head = new StringBuilder("HTTP/1.1 101 UPGRADED\r\n");
    if (!hijack.contentType().isEmpty()) {
      head.append("Content-Type: ").append(hijack.contentType()).append("\r\n");
    }
    head.append("Connection: Upgrade\r\nUpgrade: ").append(token(upgrade)).append("\r\n");
    commonHeaders.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    return head.append("\r\n").toString();
  }

  /** The protocol the client named, which is written back and so must be a plain token. */
  private static String token(String upgrade) {
    return upgrade.matches("[A-Za-z0-9./+-]{1,32}") ? upgrade : "tcp";
  }

  /** The answer cannot be completed: the connection is cut so that the client notices. */
  private void abort(Throwable cause) {
    if (!cancellation.isCancelled()) {
      LOG.log(System.Logger.Level.DEBUG, () -> "answer cut short: " + cause);
      http.connection().close();
    }
  }
}
