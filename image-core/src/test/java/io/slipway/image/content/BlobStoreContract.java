package io.slipway.image.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.DigestMismatchException;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.image.model.DigestAlgorithm;
import io.slipway.image.task.FanOut;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every {@link BlobStore} does; extend and say how to make one. */
@Timeout(30)
public abstract class BlobStoreContract {
  private static final int LARGE = 3 * 1024 * 1024 + 17;

  /** An empty store, a new one for each test. */
  protected abstract BlobStore store() throws IOException;

  protected static byte[] random(int length) {
    byte[] content = new byte[length];
    new Random(length).nextBytes(content);
    return content;
  }

  protected static BlobInfo put(BlobStore store, byte[] content) throws IOException {
    try (Ingest ingest = store.ingest("put", DigestAlgorithm.SHA256)) {
      ingest.append(ByteBuffer.wrap(content));
      return ingest.commit(ExpectedContent.of(Digest.of(content)));
    }
  }

  protected static byte[] read(BlobStore store, Digest digest) throws IOException {
    try (Blob blob = store.open(digest);
        InputStream in = blob.stream(0)) {
      return in.readAllBytes();
    }
  }

  protected static List<Digest> digests(BlobStore store) throws IOException {
    try (Stream<BlobInfo> all = store.list()) {
      return all.map(BlobInfo::digest).toList();
    }
  }

  private static void assertKind(ErrorKind kind, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(SlipwayException.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }

  @Test
  void storesAndReads() throws IOException {
    BlobStore store = store();
    for (int size : new int[] {0, 1, 4096, LARGE}) {
      byte[] content = random(size);
      BlobInfo info = put(store, content);
      assertThat(info.digest()).isEqualTo(Digest.of(content));
      assertThat(info.size()).isEqualTo(size);
      assertThat(store.stat(info.digest()).orElseThrow().size()).isEqualTo(size);
      assertThat(read(store, info.digest())).isEqualTo(content);
    }
    assertThat(digests(store)).hasSize(4);
  }

  @Test
  void readsFromTheMiddle() throws IOException {
    BlobStore store = store();
    byte[] content = random(10_000);
    Digest digest = put(store, content).digest();
    try (Blob blob = store.open(digest)) {
      ByteBuffer four = ByteBuffer.allocate(4);
      assertThat(blob.read(four, 9_998)).isEqualTo(2);
      assertThat(blob.read(four, 10_000)).isEqualTo(-1);
      assertThat(four.flip()).isEqualTo(ByteBuffer.wrap(content, 9_998, 2));
      try (InputStream tail = blob.stream(9_000)) {
        assertThat(tail.skip(500)).isEqualTo(500);
        assertThat(ByteBuffer.wrap(tail.readAllBytes()))
            .isEqualTo(ByteBuffer.wrap(content, 9_500, 500));
      }
      if (blob.file().isPresent()) {
        assertThat(blob.file().get()).hasBinaryContent(content);
      }
    }
  }

  @Test
  void absentIsAbsent() throws IOException {
    BlobStore store = store();
    Digest digest = Digest.of(random(5));
    assertThat(store.stat(digest)).isEmpty();
    assertThat(store.delete(digest)).isFalse();
    assertKind(ErrorKind.NOT_FOUND, () -> store.open(digest));
    assertThat(store.resume("nothing")).isEmpty();
    assertThat(digests(store)).isEmpty();
  }

  @Test
  void wrongDigestLeavesNothing() throws IOException {
    BlobStore store = store();
    Digest other = Digest.of(random(9));
    Ingest ingest = store.ingest("x", DigestAlgorithm.SHA256);
    ingest.append(ByteBuffer.wrap(random(10)));
    assertThatThrownBy(() -> ingest.commit(ExpectedContent.of(other)))
        .isInstanceOf(DigestMismatchException.class);
    assertThat(store.resume("x")).isEmpty();
    assertThat(digests(store)).isEmpty();
  }

  @Test
  void wrongSizeLeavesNothing() throws IOException {
    BlobStore store = store();
    byte[] content = random(10);
    Ingest ingest = store.ingest("x", DigestAlgorithm.SHA256);
    ingest.append(ByteBuffer.wrap(content));
    Descriptor promised = new Descriptor("a/b", Digest.of(content), 11);
    assertThatThrownBy(() -> ingest.commit(ExpectedContent.of(promised)))
        .isInstanceOf(DigestMismatchException.class)
        .hasMessageContaining("expected 11 bytes, got 10 bytes");
    assertThat(digests(store)).isEmpty();
  }

  @Test
  void closeWithoutCommitDiscards() throws IOException {
    BlobStore store = store();
    try (Ingest ingest = store.ingest("x", DigestAlgorithm.SHA256)) {
      ingest.append(ByteBuffer.wrap(random(10)));
    }
    assertThat(store.resume("x")).isEmpty();
    assertThat(digests(store)).isEmpty();
  }

  @Test
  void resumesAfterSuspend() throws IOException {
    BlobStore store = store();
    byte[] content = random(LARGE);
    Ingest first = store.ingest("x", DigestAlgorithm.SHA256);
    first.append(ByteBuffer.wrap(content, 0, 1_000_001));
    first.suspend();
    first.close();
    Ingest second = store.resume("x").orElseThrow();
    assertThat(second.offset()).isEqualTo(1_000_001);
    assertKind(ErrorKind.CONFLICT, () -> store.resume("x"));
    assertKind(ErrorKind.CONFLICT, () -> store.ingest("x", DigestAlgorithm.SHA256));
    second.append(ByteBuffer.wrap(content, 1_000_001, LARGE - 1_000_001));
    Digest digest = second.commit(ExpectedContent.of(Digest.of(content))).digest();
    assertThat(read(store, digest)).isEqualTo(content);
    assertThat(store.resume("x")).isEmpty();
  }

  @Test
  void anIdInUseIsAConflictAlsoWhenSuspended() throws IOException {
    BlobStore store = store();
    store.ingest("x", DigestAlgorithm.SHA256).suspend();
    assertKind(ErrorKind.CONFLICT, () -> store.ingest("x", DigestAlgorithm.SHA512));
  }

  @Test
  void truncatesAndGoesOn() throws IOException {
    BlobStore store = store();
    try (Ingest ingest = store.ingest("x", DigestAlgorithm.SHA256)) {
      ingest.append(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}));
      ingest.truncate(2);
      assertThat(ingest.offset()).isEqualTo(2);
      ingest.append(ByteBuffer.wrap(new byte[] {9}));
      Digest digest = ingest.commit(ExpectedContent.anything()).digest();
      assertThat(read(store, digest)).containsExactly(1, 2, 9);
    }
  }

  @Test
  void commitsUnderAnotherAlgorithm() throws IOException {
    BlobStore store = store();
    byte[] content = random(LARGE);
    Digest sha512 = Digest.of(DigestAlgorithm.SHA512, content);
    try (Ingest ingest = store.ingest("x", DigestAlgorithm.SHA256)) {
      ingest.append(ByteBuffer.wrap(content));
      assertThat(ingest.commit(ExpectedContent.of(sha512)).digest()).isEqualTo(sha512);
    }
    assertThat(read(store, sha512)).isEqualTo(content);
    assertThat(digests(store)).containsExactly(sha512);
  }

  @Test
  void openReadersSurviveDeletion() throws IOException {
    BlobStore store = store();
    byte[] content = random(10_000);
    Digest digest = put(store, content).digest();
    try (Blob blob = store.open(digest)) {
      assertThat(store.delete(digest)).isTrue();
      assertThat(store.stat(digest)).isEmpty();
      assertThat(blob.stream(0).readAllBytes()).isEqualTo(content);
    }
  }

  @Test
  void manyWritersOfOneDigest() throws Exception {
    BlobStore store = store();
    byte[] content = random(200_000);
    List<FanOut.Task<BlobInfo>> tasks = new ArrayList<>();
    try (FanOut fanOut = new FanOut("writer", 8)) {
      for (int i = 0; i < 8; i++) {
        String id = "w" + i;
        tasks.add(
            fanOut.fork(() -> {
              try (Ingest ingest = store.ingest(id, DigestAlgorithm.SHA256)) {
                for (int from = 0; from < content.length; from += 1000) {
                  ingest.append(ByteBuffer.wrap(content, from, 1000));
                }
                return ingest.commit(ExpectedContent.of(Digest.of(content)));
              }
            }));
      }
      fanOut.join();
    }
    assertThat(read(store, Digest.of(content))).isEqualTo(content);
    assertThat(digests(store)).hasSize(1);
  }

  @Test
  void refusesIdsThatCouldBePaths() throws IOException {
    BlobStore store = store();
    for (String id : new String[] {"", "..", "../x", "a/b", ".hidden", "a\0b", "x".repeat(200)}) {
      assertKind(ErrorKind.INVALID, () -> store.ingest(id, DigestAlgorithm.SHA256));
    }
  }

  @Test
  void smallBlobsAreVerifiedAndPut() throws IOException {
    VerifiedBlobs blobs = new VerifiedBlobs(store());
    Bytes text = Bytes.utf8("hello");
    Digest digest = blobs.put(text).digest();
    assertThat(blobs.read(digest, 5)).isEqualTo(text);
    assertThat(blobs.verify(digest)).isTrue();
    assertKind(ErrorKind.INVALID, () -> blobs.read(digest, 4));
    assertThatThrownBy(() -> blobs.open(new Descriptor("a/b", digest, 4)))
        .isInstanceOf(DigestMismatchException.class);
    assertThat(blobs.has(new Descriptor("a/b", digest, 5))).isTrue();
    assertThat(blobs.has(new Descriptor("a/b", digest, 4))).isFalse();
  }

  @Test
  void aShelvedBlobIsOutOfSightUntilItIsGivenUp() throws IOException {
    BlobStore store = store();
    byte[] content = random(10_000);
    for (Shelf kind : Shelf.values()) {
      BlobShelf shelf = store.shelf(kind);
      Digest digest = put(store, content).digest();
      Instant before = Instant.now().minusSeconds(60);
      try (Blob blob = store.open(digest)) {
        assertThat(shelf.take(digest)).isTrue();
        assertThat(shelf.take(digest)).isFalse();
        assertThat(store.stat(digest)).isEmpty();
        assertThat(digests(store)).isEmpty();
        assertThat(blob.stream(0).readAllBytes()).isEqualTo(content);
      }
      try (Stream<BlobInfo> lying = shelf.list()) {
        assertThat(lying.toList())
            .singleElement()
            .satisfies(info -> {
              assertThat(info.digest()).isEqualTo(digest);
              assertThat(info.size()).isEqualTo(10_000);
              assertThat(info.committed()).isAfter(before);
            });
      }
      assertThat(shelf.discard(before, 10)).isEqualTo(new BlobShelf.Discarded(0, 0));
      Instant after = Instant.now().plusSeconds(60);
      assertThat(shelf.discard(after, 0)).isEqualTo(new BlobShelf.Discarded(0, 0));
      assertThat(shelf.discard(after, 10)).isEqualTo(new BlobShelf.Discarded(1, 10_000));
      assertThat(shelf.discard(after, 10).blobs()).isZero();
    }
  }

  @Test
  void aShelvedBlobMayComeAgainAndBeShelvedAgain() throws IOException {
    BlobStore store = store();
    byte[] content = random(100);
    BlobShelf trash = store.shelf(Shelf.TRASH);
    for (int i = 0; i < 2; i++) {
      Digest digest = put(store, content).digest();
      assertThat(read(store, digest)).isEqualTo(content);
      assertThat(trash.take(digest)).isTrue();
    }
    assertThat(trash.discard(Instant.now().plusSeconds(60), 10).blobs()).isEqualTo(1);
  }
}
