package io.slipway.image.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.image.content.BlobInfo;
import io.slipway.image.content.DirectoryBlobStore;
import io.slipway.image.content.VerifiedBlobs;
import io.slipway.image.model.Digest;
import io.slipway.image.name.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 of a writer, again and again: what it reported done is there, whole, and nothing half.
 */
@Timeout(120)
class KilledWriterIT {
  private static final int ROUNDS = 6;

  @TempDir private Path root;

  @Test
  void nothingReportedIsLostAndNothingHalfIsLeft() throws Exception {
    Map<String, Digest> reported = new HashMap<>();
    for (int round = 0; round < ROUNDS; round++) {
      writeAndKill(round, reported);
      check(reported);
    }
    assertThat(reported).hasSizeGreaterThan(ROUNDS);
  }

  private void writeAndKill(int round, Map<String, Digest> reported) throws Exception {
    Path output = root.resolve("output" + round);
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                KilledWriter.class.getName(),
                root.toString(),
                String.valueOf(round))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .redirectOutput(output.toFile())
            .start();
    try {
      while (Files.size(output) == 0) {
        assertThat(writer.isAlive()).as("the writer runs").isTrue();
        Thread.sleep(5);
      }
      // somewhere within the next images, at another point of the loop each round
      Thread.sleep(100 + 37L * round);
    } finally {
      writer.destroyForcibly().waitFor();
    }
    Files.readAllLines(output).forEach(line -> read(line, reported));
  }

  private static void read(String line, Map<String, Digest> reported) {
    String[] parts = line.split(" ");
    if (parts.length == 2) {
      reported.put(parts[1], Digest.parse(parts[0]));
    }
  }

  private void check(Map<String, Digest> reported) throws IOException {
    DirectoryBlobStore store = DirectoryBlobStore.open(root.resolve("blobs"), Duration.ZERO);
    FileCatalog catalog = FileCatalog.open(root.resolve("images"), Clock.systemUTC());
    assertThat(catalog.damaged()).isEmpty();
    reported.forEach((tag, id) ->
        assertThat(catalog.find(Reference.parse(tag))).map(ImageRecord::id).contains(id));
    VerifiedBlobs blobs = new VerifiedBlobs(store);
    List<Digest> all = new ArrayList<>();
    try (Stream<BlobInfo> list = store.list()) {
      list.map(BlobInfo::digest).forEach(all::add);
    }
    assertThat(all).containsAll(reported.values());
    for (Digest digest : all) {
      assertThat(blobs.verify(digest)).as("blob %s is whole", digest).isTrue();
    }
    for (String directory : List.of("blobs/ingest", "images/records", "images/tags")) {
      try (Stream<Path> files = Files.list(root.resolve(directory))) {
        assertThat(files.filter(f -> directory.endsWith("ingest") || isTemporary(f))).isEmpty();
      }
    }
  }

  private static boolean isTemporary(Path file) {
    return file.getFileName().toString().endsWith(".tmp");
  }
}
