package io.slipway.cli.daemon;

import io.slipway.engine.system.EngineConfig;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.spec.IdMappings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/** The life of {@code slipway daemon}: until a signal, or until it has been idle. */
public final class DaemonProcess {
  private DaemonProcess() {}

  /**
   * Runs a daemon to its end.
   *
   * @param stop counted down by the first signal
   * @param log takes one line at a time
   * @throws SlipwayException in one line, when it cannot start
   */
  public static void run(DaemonOptions options, CountDownLatch stop, Consumer<String> log)
      throws IOException, InterruptedException {
    RootlessRules.check(options);
    EngineConfig config = config(options, log);
    try (EngineDaemon daemon = EngineDaemon.open(config, options.version(), log)) {
      daemon.server().addresses().forEach(address -> log.accept("listening on " + address));
      if (options.idleStop().isPresent()) {
        Thread.ofVirtual()
            .start(() -> {
              try {
                new IdleStop(daemon, options.idleStop().get(), Clock.systemUTC()).await();
                log.accept("idle for " + options.idleStop().get() + ": stopping");
                stop.countDown();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
      }
      stop.await();
      log.accept("stopping");
    }
  }

  private static EngineConfig config(DaemonOptions options, Consumer<String> log) {
    Optional<IdMappings> users =
        options.remap().isEmpty()
            ? Optional.empty()
            : RemappedUsers.parse(options.remap(), Path.of("/etc"));
    Path data = dataRoot(options.paths().dataRoot().toAbsolutePath().normalize(), users);
    Path exec = options.paths().execRoot().toAbsolutePath().normalize();
    return new EngineConfig(
        options.listen().stream()
            .map(address -> options.ports().address(address, exec, log))
            .toList(),
        data,
        exec,
        EngineConfig.bridge(options.paths().bridge(), options.paths().bip()),
        cgroupParent(data),
        options.builds(),
        options.liveRestore(),
        options.runtimes(),
        users,
        options.network());
  }

  /** As in docker: what belongs to other users lies apart. */
  private static Path dataRoot(Path data, Optional<IdMappings> users) {
    return users.map(u -> data.resolve("%d.%d".formatted(u.hostUid(0), u.hostGid(0)))).orElse(data);
  }

  /** A cgroup of its own for each data root, so that two daemons never meet. */
  private static String cgroupParent(Path data) {
    CRC32 sum = new CRC32();
    sum.update(data.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return "slipway-" + Long.toHexString(sum.getValue());
  }
}
