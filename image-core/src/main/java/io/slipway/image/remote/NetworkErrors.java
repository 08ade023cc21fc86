package io.slipway.image.remote;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Broken connections as the one-liners people know from docker. */
final class NetworkErrors {
  private NetworkErrors() {}

  /**
   * What to do about {@code e}: throws at once when another attempt would meet the same (nobody
   * listens, no such host, bad certificate), else returns a failure worth retrying.
   */
  static TransientFailure of(String method, URI uri, IOException e) {
    throwIfCancelled(e);
    String request = sentence(method) + " \"" + withoutQuery(uri) + "\": ";
    Optional<String> lasting = lasting(uri, e);
    if (lasting.isPresent()) {
      throw new SlipwayException(ErrorKind.UNAVAILABLE, request + lasting.get(), e);
    }
    return new TransientFailure(
        new SlipwayException(ErrorKind.UNAVAILABLE, request + reason(e), e), Optional.empty());
  }

  /** The JDK's client reports an interrupt as a broken connection. */
  static void throwIfCancelled(IOException e) {
    if (Thread.currentThread().isInterrupted() || has(e, InterruptedException.class)) {
      Thread.currentThread().interrupt();
      throw new SlipwayException(ErrorKind.CANCELLED, "transfer was cancelled", e);
    }
  }

  private static Optional<String> lasting(URI uri, IOException e) {
    String target = "dial tcp " + uri.getHost() + ":" + port(uri) + ": ";
    if (has(e, UnresolvedAddressException.class) || has(e, UnknownHostException.class)) {
      return Optional.of("dial tcp: lookup " + uri.getHost() + ": no such host");
    }
    if (has(e, HttpConnectTimeoutException.class)) {
      return Optional.of(target + "i/o timeout");
    }
    if (has(e, ConnectException.class)) {
      String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
      return Optional.of(
          target + "connect: " + (text.equals("null") ? "connection refused" : text));
    }
    if (e instanceof SSLException ssl) {
      String text = String.valueOf(ssl.getMessage());
      return Optional.of(
          text.contains("Unsupported or unrecognized SSL message")
              ? "http: server gave HTTP response to HTTPS client"
              : "tls: " + text);
    }
    return Optional.empty();
  }

  /** A few words on a broken connection. */
  static String reason(IOException e) {
    if (e instanceof HttpTimeoutException) {
      return "i/o timeout";
    }
    String text = e.getMessage();
    if (text == null || text.contains("header parser received no bytes")) {
      return "EOF";
    }
    return text.contains("\n") ? text.substring(0, text.indexOf('\n')) : text;
  }

  private static boolean has(Throwable e, Class<? extends Throwable> type) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return true;
      }
    }
    return false;
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return uri.getScheme().equals("http") ? 80 : 443;
  }

  /** Upload sessions carry their state in the query, which says nothing to people. */
  static String withoutQuery(URI uri) {
    String text = uri.toString();
    int query = text.indexOf('?');
    return query < 0 ? text : text.substring(0, query);
  }

  /** {@code GET} as docker prints it: {@code Get}. */
  static String sentence(String method) {
    return method.charAt(0) + method.substring(1).toLowerCase(Locale.ROOT);
  }
}
