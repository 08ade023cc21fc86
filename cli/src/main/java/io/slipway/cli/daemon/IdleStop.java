package io.slipway.cli.daemon;

import io.slipway.engine.http.EngineServer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Ends a daemon that nobody needs: no request under way or of late, no container running. */
final class IdleStop {
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final EngineDaemon daemon;
  private final Duration limit;
  private final Clock clock;

  IdleStop(EngineDaemon daemon, Duration limit, Clock clock) {
    this.daemon = daemon;
    this.limit = limit;
    this.clock = clock;
  }

  /** Returns when the daemon has been idle for the limit. */
  void await() throws InterruptedException {
    Instant idleSince = clock.instant();
    while (Duration.between(idleSince, clock.instant()).compareTo(limit) < 0) {
      Thread.sleep(LOOK);
      EngineServer server = daemon.server();
      if (server.isBusy() || daemon.hasRunningContainers()) {
        idleSince = clock.instant();
      } else if (server.lastRequest().isAfter(idleSince)) {
        idleSince = server.lastRequest();
      }
    }
  }
}
