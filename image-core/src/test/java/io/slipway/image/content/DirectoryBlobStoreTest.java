package io.slipway.image.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.image.model.DigestAlgorithm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryBlobStoreTest extends BlobStoreContract {
  @TempDir private Path root;

  @Override
  protected BlobStore store() throws IOException {
    return DirectoryBlobStore.open(root.resolve("blobs"), Duration.ZERO);
  }

  private Path blobFile(Digest digest) {
    return root.resolve("blobs").resolve(digest.algorithm().label()).resolve(digest.hex());
  }

  private void leaveIngest(String id) throws IOException {
    Ingest ingest = store().ingest(id, DigestAlgorithm.SHA256);
    ingest.append(ByteBuffer.wrap(random(100)));
    // neither committed nor closed: what a killed process leaves
  }

  @Test
  void removesInterruptedIngestsWhenOpenedAndSaysSo() throws IOException {
    leaveIngest("a");
    DirectoryBlobStore again = DirectoryBlobStore.open(root.resolve("blobs"), Duration.ZERO);
    assertThat(again.recovery()).isEqualTo(new DirectoryBlobStore.Recovery(1, 100, 0));
    assertThat(again.resume("a")).isEmpty();
    try (Stream<Path> files = Files.list(root.resolve("blobs/ingest"))) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void keepsYoungIngestsWhenAskedTo() throws IOException {
    leaveIngest("a");
    DirectoryBlobStore again = DirectoryBlobStore.open(root.resolve("blobs"), Duration.ofHours(1));
    assertThat(again.recovery()).isEqualTo(new DirectoryBlobStore.Recovery(0, 0, 1));
    try (Ingest ingest = again.resume("a").orElseThrow()) {
      assertThat(ingest.offset()).isEqualTo(100);
      Digest digest = ingest.commit(ExpectedContent.anything()).digest();
      assertThat(digest).isEqualTo(Digest.of(random(100)));
    }
  }

  @Test
  void emptyFileOfACrashedDiskIsAbsentAndRepushRepairs() throws IOException {
    BlobStore store = store();
    byte[] content = random(1000);
    Digest digest = put(store, content).digest();
    Files.write(blobFile(digest), new byte[0]);
    assertThat(store.stat(digest)).isEmpty();
    assertThatThrownBy(() -> store.open(digest))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.NOT_FOUND));
    put(store, content);
    assertThat(read(store, digest)).isEqualTo(content);
  }

  @Test
  void flippedBitIsFoundAndRepushRepairs() throws IOException {
    BlobStore store = store();
    VerifiedBlobs blobs = new VerifiedBlobs(store);
    byte[] content = random(1000);
    Digest digest = put(store, content).digest();
    byte[] bad = content.clone();
    bad[500] ^= 4;
    Files.write(blobFile(digest), bad);
    assertThatThrownBy(() -> blobs.read(digest, 1000)).hasMessageContaining("was damaged on disk");
    assertThat(store.stat(digest)).isEmpty();
    put(store, content);
    assertThat(blobs.read(digest, 1000)).isEqualTo(Bytes.copyOf(content));
  }

  @Test
  void truncatedFileIsRemovedWhenItsSizeIsKnown() throws IOException {
    BlobStore store = store();
    byte[] content = random(1000);
    Digest digest = put(store, content).digest();
    Files.write(blobFile(digest), random(10));
    VerifiedBlobs blobs = new VerifiedBlobs(store);
    assertThatThrownBy(() -> blobs.open(new Descriptor("a/b", digest, 1000)))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.NOT_FOUND));
    assertThat(store.stat(digest)).isEmpty();
  }

  @Test
  void foreignFilesAreNotListed() throws IOException {
    BlobStore store = store();
    Files.writeString(root.resolve("blobs/sha256/README"), "x");
    assertThat(digests(store)).isEmpty();
  }

  @Test
  void fullDiskIsAKindOfItsOwn() throws IOException {
    IOException full = new FileSystemException("f", null, "No space left on device");
    assertThatThrownBy(() -> DiskFull.orSame(full, "store blob"))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.NO_SPACE))
        .hasMessage("store blob: no space left on device");
    IOException other = new IOException("other");
    assertThat(DiskFull.orSame(other, "x")).isSameAs(other);
  }
}
