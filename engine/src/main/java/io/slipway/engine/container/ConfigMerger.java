package io.slipway.engine.container;

import io.slipway.engine.model.Config;
import io.slipway.engine.model.Empty;
import io.slipway.engine.model.HealthConfig;
import io.slipway.image.model.ContainerConfig;
import io.slipway.image.model.Healthcheck;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a client asked for, completed by its image's defaults, as Docker merges them. */
final class ConfigMerger {
  private ConfigMerger() {}

  /**
   * @param defaultHostname used when none is asked for
   */
  static Config merge(Config asked, ContainerConfig image, String defaultHostname) {
    List<String> entrypoint = asked.entrypoint();
    List<String> cmd = asked.cmd();
    // an entrypoint of the request drops the image's command, which was meant for the image's own
    if (entrypoint == null || entrypoint.isEmpty()) {
      cmd = cmd == null || cmd.isEmpty() ? image.cmd().orElse(null) : cmd;
      entrypoint = entrypoint == null ? image.entrypoint().orElse(null) : null;
    } else if (entrypoint.equals(List.of(""))) {
      entrypoint = null;
    }
    return new Config(
        first(asked.hostname(), defaultHostname),
        asked.domainname(),
        first(asked.user(), image.user()),
        asked.attachStdin(),
        asked.attachStdout(),
        asked.attachStderr(),
        union(asked.exposedPorts(), image.exposedPorts()),
        asked.tty(),
        asked.openStdin(),
        asked.stdinOnce(),
        env(asked.env(), image.env()),
        cmd,
        health(asked.healthcheck(), image.healthcheck().orElse(null)),
        asked.image(),
        union(asked.volumes(), image.volumes()),
        first(asked.workingDir(), image.workingDir()),
        entrypoint,
        asked.networkDisabled(),
        asked.macAddress(),
        image.onBuild(),
        labels(asked.labels(), image.labels()),
        first(asked.stopSignal(), image.stopSignal()),
        asked.stopTimeout(),
        asked.shell().isEmpty() ? image.shell() : asked.shell());
  }

  private static String first(String asked, String otherwise) {
    return asked.isEmpty() ? otherwise : asked;
  }

  private static Map<String, Empty> union(Map<String, Empty> asked, Collection<String> image) {
    Map<String, Empty> all = new TreeMap<>();
    image.forEach(key -> all.put(key, Empty.VALUE));
    asked.keySet().forEach(key -> all.put(key, Empty.VALUE));
    return all;
  }

  /** The image's variables that the request does not set come after the request's own. */
  private static List<String> env(List<String> asked, List<String> image) {
    List<String> all = new ArrayList<>(asked);
    for (String variable : image) {
      String name = name(variable);
      if (asked.stream().noneMatch(a -> name(a).equals(name))) {
        all.add(variable);
      }
    }
    return all;
  }

  private static String name(String variable) {
    int equals = variable.indexOf('=');
    return equals < 0 ? variable : variable.substring(0, equals);
  }

  private static Map<String, String> labels(Map<String, String> asked, Map<String, String> image) {
    Map<String, String> all = new LinkedHashMap<>(image);
    all.putAll(asked);
    return all;
  }

  private static HealthConfig health(HealthConfig asked, Healthcheck image) {
    if (image == null) {
      return asked;
    }
    HealthConfig base =
        new HealthConfig(
            image.test(),
            image.interval().toNanos(),
            image.timeout().toNanos(),
            image.startPeriod().toNanos(),
            image.startInterval().toNanos(),
            image.retries());
    if (asked == null) {
      return base;
    }
    return new HealthConfig(
        asked.test().isEmpty() ? base.test() : asked.test(),
        asked.interval() == 0 ? base.interval() : asked.interval(),
        asked.timeout() == 0 ? base.timeout() : asked.timeout(),
        asked.startPeriod() == 0 ? base.startPeriod() : asked.startPeriod(),
        asked.startInterval() == 0 ? base.startInterval() : asked.startInterval(),
        asked.retries() == 0 ? base.retries() : asked.retries());
  }
}
