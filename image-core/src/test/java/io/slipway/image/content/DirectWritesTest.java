package io.slipway.image.content;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.image.model.Digest;
import io.slipway.image.model.DigestAlgorithm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that writes large blobs past the page cache is like any other. */
class DirectWritesTest extends BlobStoreContract {
  private static final int BLOCK = DirectBlocks.BYTES;

  @TempDir private Path root;

  @Override
  protected BlobStore store() throws IOException {
    return DirectoryBlobStore.openForArrivals(root.resolve("blobs"), Duration.ofHours(1));
  }

  private static byte[] read(Ingest ingest, long position, int length) throws IOException {
    ByteBuffer target = ByteBuffer.allocate(length);
    int read = 1;
    while (target.hasRemaining() && read > 0) {
      read = ingest.read(target, position + target.position());
    }
    return Arrays.copyOf(target.array(), target.position());
  }

  @Test
  void thisFileSystemTakesDirectWrites() throws IOException {
    Path file = Files.createFile(root.resolve("file"));
    try (FileChannel direct = DirectBlocks.wherePossible().open(file)) {
      assertThat(direct).isNotNull();
      ByteBuffer block = DirectBlocks.wherePossible().take();
      assertThat(block.remaining()).isEqualTo(BLOCK);
      assertThat(direct.write(block, BLOCK)).isEqualTo(BLOCK);
    }
    assertThat(DirectBlocks.none().open(file)).isNull();
  }

  /** Pieces of any length; what has arrived is readable at once, wherever it is kept. */
  @Test
  void piecesAreReadableAsTheyArriveAndWholeAtTheEnd() throws IOException {
    Random random = new Random(5);
    byte[] content = new byte[5 * BLOCK + 12_345];
    random.nextBytes(content);
    try (Ingest ingest = store().ingest("a", DigestAlgorithm.SHA256)) {
      int sent = 0;
      while (sent < content.length) {
        int length = Math.min(1 + random.nextInt(BLOCK / 3), content.length - sent);
        ingest.append(ByteBuffer.wrap(content, sent, length));
        sent += length;
        int from = Math.max(0, sent - random.nextInt(2 * BLOCK));
        assertThat(read(ingest, from, sent - from))
            .isEqualTo(Arrays.copyOfRange(content, from, sent));
        assertThat(ingest.read(ByteBuffer.allocate(1), sent)).isEqualTo(-1);
      }
      BlobInfo info = ingest.commit(ExpectedContent.of(Digest.of(content)));
      assertThat(info.size()).isEqualTo(content.length);
    }
    assertThat(Files.readAllBytes(root.resolve("blobs/sha256").resolve(Digest.of(content).hex())))
        .isEqualTo(content);
  }

  /** Suspended, resumed and truncated at places that are no multiples of anything. */
  @Test
  void interruptedAnywhereItGoesOn() throws IOException {
    Random random = new Random(6);
    byte[] content = new byte[4 * BLOCK + 77];
    random.nextBytes(content);
    BlobStore store = store();
    Ingest ingest = store.ingest("a", DigestAlgorithm.SHA256);
    int sent = 0;
    while (sent < content.length) {
      int length = Math.min(1 + random.nextInt(2 * BLOCK), content.length - sent);
      ingest.append(ByteBuffer.wrap(content, sent, length));
      sent += length;
      if (random.nextBoolean()) {
        sent -= random.nextInt(Math.min(sent, BLOCK));
        ingest.truncate(sent);
      }
      if (random.nextBoolean()) {
        ingest.suspend();
        assertThat(Files.size(root.resolve("blobs/ingest/a.sha256"))).isEqualTo(sent);
        ingest = store.resume("a").orElseThrow();
      }
      assertThat(ingest.offset()).isEqualTo(sent);
    }
    Digest digest = ingest.commit(ExpectedContent.anything()).digest();
    assertThat(digest).isEqualTo(Digest.of(content));
    assertThat(Files.readAllBytes(root.resolve("blobs/sha256").resolve(digest.hex())))
        .isEqualTo(content);
  }
}
