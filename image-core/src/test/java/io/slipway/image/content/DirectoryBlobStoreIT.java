package io.slipway.image.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.DigestAlgorithm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A really full disk: a tmpfs of 1 MiB. */
class DirectoryBlobStoreIT {
  @TempDir private Path temp;
  private Path mount;

  @BeforeEach
  void mountSmallDisk() throws Exception {
    mount = Files.createDirectory(temp.resolve("disk"));
    run("mount", "-t", "tmpfs", "-o", "size=1m", "slipway-test", mount.toString());
  }

  @AfterEach
  void unmount() throws Exception {
    run("umount", mount.toString());
  }

  private static void run(String... command) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }

  @Test
  void fullDiskFailsTheIngestAndGivesItsSpaceBack() throws IOException {
    BlobStore store = DirectoryBlobStore.open(mount.resolve("blobs"), Duration.ZERO);
    Ingest ingest = store.ingest("big", DigestAlgorithm.SHA256);
    assertThatThrownBy(() -> ingest.append(ByteBuffer.allocate(2 << 20)))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.NO_SPACE));
    try (Stream<Path> files = Files.list(mount.resolve("blobs/ingest"))) {
      assertThat(files).isEmpty();
    }
    try (Ingest small = store.ingest("small", DigestAlgorithm.SHA256)) {
      small.append(ByteBuffer.allocate(1000));
      assertThat(small.commit(ExpectedContent.anything()).size()).isEqualTo(1000);
    }
  }
}
