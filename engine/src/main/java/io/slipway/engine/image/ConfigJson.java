package io.slipway.engine.image;

import io.slipway.engine.model.Config;
import io.slipway.engine.model.Empty;
import io.slipway.engine.model.HealthConfig;
import io.slipway.image.model.ContainerConfig;
import io.slipway.image.model.Healthcheck;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;

/** An image's run configuration in the API's words. */
final class ConfigJson {
  private ConfigJson() {}

  static Config of(ContainerConfig image) {
    return new Config(
        "",
        "",
        image.user(),
        false,
        false,
        false,
        set(image.exposedPorts()),
        false,
        false,
        false,
        image.env(),
        image.cmd().orElse(null),
        image.healthcheck().map(ConfigJson::of).orElse(null),
        "",
        set(image.volumes()),
        image.workingDir(),
        image.entrypoint().orElse(null),
        false,
        "",
        image.onBuild(),
        image.labels(),
        image.stopSignal(),
        null,
        image.shell());
  }

  private static Map<String, Empty> set(SortedSet<String> names) {
    Map<String, Empty> set = new TreeMap<>();
    names.forEach(name -> set.put(name, Empty.VALUE));
    return set;
  }

  private static HealthConfig of(Healthcheck check) {
    return new HealthConfig(
        check.test(),
        check.interval().toNanos(),
        check.timeout().toNanos(),
        check.startPeriod().toNanos(),
        check.startInterval().toNanos(),
        check.retries());
  }
}
