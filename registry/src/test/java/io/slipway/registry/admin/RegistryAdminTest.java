package io.slipway.registry.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.registry.config.UpkeepSettings;
import io.slipway.registry.upkeep.RepairSource;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryAdminTest {
  private static final AdminRequest COLLECT = new AdminRequest.Collect(false, "0");

  @TempDir private Path folder;
  private final List<String> lines = new ArrayList<>();

  private void order(AdminRequest request) throws InterruptedException {
    RegistryAdmin.run(folder, UpkeepSettings.defaults(), request, lines::add);
  }

  @Test
  void aDataRootThatNobodyServesIsOpenedForTheTask() throws Exception {
    try (DataRootFixture registry = DataRootFixture.open(folder)) {
      registry.pushBlob("a", "a layer");
    }
    order(COLLECT);
    assertThat(lines)
        .containsExactly(
            "a: dropped 0 manifests and 1 blob links",
            "dropped 0 manifests and 1 blob links in 1 changed repositories, freed 1 contents, 7"
                + " bytes");
    assertThat(Files.size(folder.resolve("lock"))).as("left in order").isZero();
  }

  @Test
  void aServerIsGivenTheOrder() throws Exception {
    List<String> log = new ArrayList<>();
    try (DataRootFixture registry = DataRootFixture.open(folder)) {
      registry.pushBlob("a", "a layer");
      registry.clock.advance(Duration.ofMillis(1));
      try (AdminServer _ = AdminServer.listen(registry.root(), RepairSource.none(), log::add)) {
        assertThat(Files.getPosixFilePermissions(folder.resolve("admin")))
            .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        order(new AdminRequest.Collect(true, "0"));
        assertThat(lines).hasSize(2).first().asString().startsWith("a: would drop blob sha256:");
        order(COLLECT);
        assertThat(lines.getLast()).contains("freed 1 contents");
        assertThatThrownBy(() -> order(new AdminRequest.Collect(false, "soon")))
            .isInstanceOfSatisfying(
                SlipwayException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.INVALID))
            .hasMessageContaining("invalid grace: want a duration");
      }
      assertThat(Files.exists(folder.resolve("admin/socket"))).isFalse();
      assertThatThrownBy(() -> order(COLLECT))
          .isInstanceOf(SlipwayException.class)
          .hasMessageContaining("is in use by this process")
          .hasMessageContaining("takes no orders");
    }
    assertThat(log).isEmpty();
  }

  @Test
  void nonsenseIsRefusedAndHarmsNobody() throws Exception {
    List<String> log = new ArrayList<>();
    try (DataRootFixture registry = DataRootFixture.open(folder);
        AdminServer _ = AdminServer.listen(registry.root(), RepairSource.none(), log::add)) {
      for (String nonsense : List.of("hello\n", "{}\n", "{\"task\":\"format\"}\n", "\n")) {
        try (SocketChannel client =
            SocketChannel.open(UnixDomainSocketAddress.of(folder.resolve("admin/socket")))) {
          client.write(ByteBuffer.wrap(nonsense.getBytes(StandardCharsets.UTF_8)));
          ByteBuffer answer = ByteBuffer.allocate(4096);
          while (client.read(answer) >= 0) {
            assertThat(answer.hasRemaining()).isTrue();
          }
          assertThat(new String(answer.array(), StandardCharsets.UTF_8))
              .contains("\"done\":true", "malformed order");
        }
      }
      order(COLLECT);
    }
    assertThat(log).isEmpty();
  }

  @Test
  void aFolderThatIsNoDataRootIsLeftAlone() {
    assertThatThrownBy(() -> order(COLLECT))
        .isInstanceOf(SlipwayException.class)
        .hasMessageContaining("is not the data root of a registry");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aSocketThatWouldNotFitIsNamed() {
    Path deep = folder.resolve("x".repeat(100));
    try (DataRootFixture registry = DataRootFixture.open(deep)) {
      assertThatThrownBy(() -> AdminServer.listen(registry.root(), RepairSource.none(), line -> {}))
          .isInstanceOf(SlipwayException.class)
          .hasMessageContaining("at most 107");
    }
  }
}
