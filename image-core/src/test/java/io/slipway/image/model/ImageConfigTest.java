package io.slipway.image.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ImageConfigTest {
  private static final Digest LAYER = Bytes.utf8("layer").digest();

  private static ImageConfig full() {
    ContainerConfig config =
        new ContainerConfig.Builder()
            .user("app:app")
            .exposedPorts(List.of("443/tcp", "1/udp"))
            .env(List.of("PATH=/bin", "A=b"))
            .entrypoint(List.of("/e"))
            .cmd(List.of("c", "<d>"))
            .volumes(List.of("/v"))
            .workingDir("/w")
            .labels(Map.of("b", "2", "a", "1"))
            .stopSignal("SIGINT")
            .argsEscaped(true)
            .healthcheck(
                Optional.of(
                    new Healthcheck(
                        List.of("CMD", "true"),
                        Duration.ofSeconds(5),
                        Duration.ofMinutes(1),
                        Duration.ZERO,
                        Duration.ZERO,
                        3)))
            .onBuild(List.of("RUN x"))
            .shell(List.of("/bin/sh", "-ec"))
            .build();
    return new ImageConfig.Builder(new Platform("linux", "arm", "v7"))
        .author("me")
        .created(Optional.of(Instant.parse("2024-05-06T07:08:09.120Z")))
        .config(config)
        .rootFs(RootFs.EMPTY.with(LAYER))
        .history(
            List.of(
                new History(Optional.of(Instant.EPOCH), "RUN a", "", "c", false),
                new History(Optional.empty(), "ENV A=b", "me", "", true)))
        .build();
  }

  @Test
  void writesDockersKeysInOrder() {
    assertThat(full().bytes().text())
        .isEqualTo(
            "{\"architecture\":\"arm\",\"author\":\"me\",\"config\":{\"User\":\"app:app\","
                + "\"ExposedPorts\":{\"1/udp\":{},\"443/tcp\":{}},\"Env\":[\"PATH=/bin\",\"A=b\"],"
                + "\"Entrypoint\":[\"/e\"],\"Cmd\":[\"c\",\"<d>\"],\"Volumes\":{\"/v\":{}},"
                + "\"WorkingDir\":\"/w\",\"Labels\":{\"a\":\"1\",\"b\":\"2\"},"
                + "\"StopSignal\":\"SIGINT\",\"ArgsEscaped\":true,\"Healthcheck\":{"
                + "\"Test\":[\"CMD\",\"true\"],\"Interval\":5000000000,\"Timeout\":60000000000,\"Retries\":3},\"OnBuild\":[\"RUN"
                + " x\"],\"Shell\":[\"/bin/sh\",\"-ec\"]},"
                + "\"created\":\"2024-05-06T07:08:09.12Z\",\"history\":[{\"created\":\"1970-01-01T00:00:00Z\",\"created_by\":\"RUN"
                + " a\",\"comment\":\"c\"},{\"created_by\":\"ENV"
                + " A=b\",\"author\":\"me\",\"empty_layer\":true}],"
                + "\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\""
                + LAYER
                + "\"]},\"variant\":\"v7\"}");
  }

  @Test
  void readsWhatItWrote() {
    ImageConfig config = full();
    assertThat(ImageConfig.parse(config.bytes())).isEqualTo(config);
    assertThat(config.toBuilder().build()).isEqualTo(config);
    assertThat(config.config().toBuilder().build()).isEqualTo(config.config());
    assertThat(config.id()).isEqualTo(config.bytes().digest());
  }

  @Test
  void readsDockersNullsAndZones() {
    ImageConfig config =
        ImageConfig.parse(
            Bytes.utf8(
                "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{\"Env\":null,\"Cmd\":[],"
                    + "\"Entrypoint\":null,\"Hostname\":\"\",\"Labels\":null},"
                    + "\"created\":\"2024-05-06T07:08:09.123456789+02:00\",\"history\":null,"
                    + "\"rootfs\":{\"type\":\"layers\"},\"container_config\":{}}"));
    assertThat(config.config().entrypoint()).isEmpty();
    assertThat(config.config().cmd()).contains(List.of());
    assertThat(config.created()).contains(Instant.parse("2024-05-06T05:08:09.123456789Z"));
    assertThat(config.rootFs().diffIds()).isEmpty();
  }

  @Test
  void refusesMalformed() {
    assertThatThrownBy(() -> ImageConfig.parse(Bytes.utf8("{\"created\":\"yesterday\"}")))
        .hasMessage("image config field created is not a time: \"yesterday\"");
    assertThatThrownBy(() -> ImageConfig.parse(Bytes.utf8("{\"config\":{\"Env\":\"a\"}}")))
        .hasMessage("image config field config field Env is not a list");
    assertThatThrownBy(
            () -> ImageConfig.parse(Bytes.utf8("{\"rootfs\":{\"diff_ids\":[\"sha256:1\"]}}")))
        .hasMessage("invalid digest \"sha256:1\"");
  }
}
