package io.slipway.image.catalog;

import io.slipway.image.content.DirectoryBlobStore;
import io.slipway.image.content.ExpectedContent;
import io.slipway.image.content.Ingest;
import io.slipway.image.model.Digest;
import io.slipway.image.model.DigestAlgorithm;
import io.slipway.image.name.Reference;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Stores and tags images for ever, and says each that is done; the test kills it. */
final class KilledWriter {
  private static final int MAX_BYTES = 300_000;

  private KilledWriter() {}

  public static void main(String[] args) throws IOException {
    Path root = Path.of(args[0]);
    Random random = new Random(Long.parseLong(args[1]));
    DirectoryBlobStore store = DirectoryBlobStore.open(root.resolve("blobs"), Duration.ZERO);
    FileCatalog catalog = FileCatalog.open(root.resolve("images"), Clock.systemUTC());
    for (int i = 0; ; i++) {
      byte[] content = new byte[random.nextInt(MAX_BYTES)];
      random.nextBytes(content);
      Digest id;
      try (Ingest ingest = store.ingest("w" + i, DigestAlgorithm.SHA256)) {
        ingest.append(ByteBuffer.wrap(content));
        id = ingest.commit(ExpectedContent.anything()).digest();
      }
      catalog.add(id, List.of());
      // three tags that move from image to image, and one of its own
      catalog.tag(id, Reference.parse("moving:" + i % 3));
      catalog.tag(id, Reference.parse("own:" + args[1] + "-" + i));
      System.out.println(id + " own:" + args[1] + "-" + i);
    }
  }
}
