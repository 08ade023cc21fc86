package io.slipway.engine.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordDirectoryTest {
  @TempDir Path root;

  private RecordDirectory<VolumeRecord> records() {
    return new RecordDirectory<>(root.resolve("volumes"), "volume.json", VolumeRecord.class);
  }

  private static VolumeRecord volume(String name) {
    return new VolumeRecord(
        name, "local", Instant.parse("2026-01-02T03:04:05.6Z"), Map.of("a", "b"), Map.of(), false);
  }

  @Test
  void findsAfterARestartWhatWasPut() throws IOException {
    records().put("one", volume("one"));
    records().putUnsynced("two", volume("two"));
    records().put("gone", volume("gone"));
    Files.writeString(records().directory("gone").resolve("data"), "x");
    records().remove("gone");
    assertThat(records().load().records()).containsExactlyInAnyOrder(volume("one"), volume("two"));
    assertThat(records().directory("gone")).doesNotExist();
  }

  @Test
  void removesHalfMadeRecordsAndReportsDamagedOnes() throws IOException {
    records().put("good", volume("good"));
    Path half = Files.createDirectories(records().directory("half"));
    Files.writeString(half.resolve(".volume.json.1.tmp"), "{");
    Path bad = Files.createDirectories(records().directory("bad"));
    Files.writeString(bad.resolve("volume.json"), "{\"Name\":");
    RecordDirectory.Loaded<VolumeRecord> loaded = records().load();
    assertThat(loaded.records()).containsExactly(volume("good"));
    assertThat(loaded.problems()).singleElement().asString().contains("bad/volume.json");
    assertThat(half).doesNotExist();
    assertThat(bad.resolve("volume.json")).exists();
  }

  @Test
  void oneDaemonPerDataRoot() throws IOException {
    try (DataRootLock held = DataRootLock.acquire(root)) {
      assertThat(held).isNotNull();
      assertThatThrownBy(() -> DataRootLock.acquire(root))
          .hasMessageContaining("a daemon is already running with data root " + root);
    }
    DataRootLock.acquire(root).close();
    Path file = Files.writeString(root.resolve("file"), "x");
    assertThatThrownBy(() -> DataRootLock.acquire(file.resolve("sub")))
        .hasMessageContaining("cannot be used");
  }
}
