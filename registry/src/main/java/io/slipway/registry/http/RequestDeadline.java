package io.slipway.registry.http;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection on which no request comes to be whole within the given time, however its
 * bytes trickle: an idle timeout alone is kept at bay by a byte now and then.
 */
final class RequestDeadline {
  private final Duration patience;
  private final Map<HttpConnection, Watch> watched = new ConcurrentHashMap<>();

  /** What is known of one connection; its event loop alone looks at it. */
  private static final class Watch {
    private int underWay;
    private long since = System.nanoTime();
  }

  RequestDeadline(Duration patience) {
    this.patience = patience;
  }

  Duration patience() {
    return patience;
  }

  /** On the event loop of a new connection. */
  void watch(HttpConnection connection) {
    Watch watch = new Watch();
    watched.put(connection, watch);
    connection.closeHandler(closed -> watched.remove(connection));
    checkIn(patience.toMillis(), connection, watch);
  }

  private void checkIn(long millis, HttpConnection connection, Watch watch) {
    Context context = Vertx.currentContext();
    context.owner().setTimer(Math.max(1, millis), timer -> check(connection, watch));
  }

  private void check(HttpConnection connection, Watch watch) {
    if (!watched.containsKey(connection)) {
      return;
    }
    long left =
        watch.underWay > 0
            ? patience.toMillis()
            : patience.toMillis() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - watch.since);
    if (left > 0) {
      checkIn(left, connection, watch);
    } else {
      connection.close();
    }
  }

  /** The head of a request has arrived. */
  void begun(HttpConnection connection) {
    Watch watch = watched.get(connection);
    if (watch != null) {
      watch.underWay++;
    }
  }

  /** A request was answered. */
  void ended(HttpConnection connection) {
    Watch watch = watched.get(connection);
    if (watch != null) {
      watch.underWay--;
      watch.since = System.nanoTime();
    }
  }
}
