package io.slipway.engine.container;

import io.slipway.engine.model.Config;
import io.slipway.engine.model.CreateRequest;
import io.slipway.engine.model.HostConfig;
import io.slipway.engine.model.Json;
import io.slipway.engine.model.MountPoint;
import io.slipway.engine.state.ContainerRecord;
import io.slipway.engine.state.ContainerState;
import io.slipway.image.model.ContainerConfig;
import io.slipway.runtime.spec.ContainerSpec;
import io.slipway.runtime.spec.Namespaces;
import io.slipway.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Create requests recorded from docker 28, compiled to container specs. */
class CreateGoldenTest {
  private static final String ID = "0123456789abcdef".repeat(4);

  private static final ContainerConfig IMAGE =
      new ContainerConfig.Builder()
          .env(List.of("PATH=/image/bin", "FROM=image"))
          .entrypoint(List.of("/entry"))
          .cmd(List.of("default"))
          .volumes(List.of("/image-volume"))
          .workingDir("/image")
          .user("app")
          .stopSignal("SIGQUIT")
          .labels(Map.of("from", "image"))
          .exposedPorts(List.of("80/tcp"))
          .build();

  static List<Path> cases() {
    return Golden.topic("create").cases();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void compiles(Path directory) throws IOException {
    byte[] body = Files.readAllBytes(directory.resolve("request.json"));
    CreateRequest.Beside beside = Json.read(body, CreateRequest.Beside.class);
    Config asked = Json.read(body, Config.class);
    HostConfig host = beside.hostConfig();
    OptionRules.check(asked, host);
    SecurityCompiler.check(host, false);
    Config config = ConfigMerger.merge(asked, IMAGE, ID.substring(0, 12));
    ContainerRecord record =
        new ContainerRecord(
            ID,
            "golden",
            Instant.EPOCH,
            "sha256:" + ID,
            config,
            host,
            Map.of(),
            mounts(config, host),
            ContainerState.CREATED,
            0,
            false);
    Namespaces.Mode network = new Namespaces.Join(Path.of("/proc/self/fd/9"));
    Namespaces.Mode own = new Namespaces.Private();
    Surroundings around =
        new Surroundings(
            host.networkMode().equals("host") ? new Namespaces.Host() : network,
            host.ipcMode().equals("host") ? new Namespaces.Host() : own,
            host.pidMode().equals("host") ? new Namespaces.Host() : own,
            true,
            Path.of("/data/containers/x"),
            DeviceGrants.NONE,
            Surroundings.Users.OF_HOST);
    ContainerSpec spec = SpecCompiler.compile(record, around);
    Golden.check(directory.resolve("spec.txt"), RecordText.of(spec));
    Golden.check(directory.resolve("config.txt"), RecordText.of(config));
  }

  /** Volumes get a directory each, as the volume service would give them. */
  private static List<MountPoint> mounts(Config config, HostConfig host) {
    List<MountPoint> points = new ArrayList<>();
    for (PlannedMount mount : MountParser.plan(config, host)) {
      if (mount.source() instanceof PlannedMount.Volume volume) {
        String name = volume.name().isEmpty() ? "anonymous" : volume.name();
        points.add(
            new MountPoint(
                "volume",
                name,
                "/data/volumes/" + name + "/_data",
                mount.target(),
                "local",
                "",
                !mount.readOnly(),
                ""));
      }
    }
    return points;
  }
}
