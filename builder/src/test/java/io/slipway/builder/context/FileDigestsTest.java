package io.slipway.builder.context;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.runtime.linux.FileStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDigestsTest {
  @TempDir Path temp;

  private static FileStatus file(long inode, long size, long mtime, long ctime) {
    return new FileStatus(0100644, 1, 0, 0, inode, size, 8, mtime, 5, 77, 0, ctime, 6);
  }

  private static byte[] digest(long seed) {
    byte[] digest = new byte[32];
    new Random(seed).nextBytes(digest);
    return digest;
  }

  @Test
  void knowsAFileByItsWholeStatus() {
    FileDigests digests = new FileDigests();
    long session = digests.newSession();
    digests.put(file(1, 2, 3, 4), session, digest(1), true);
    long later = digests.newSession();
    assertArrayEquals(digest(1), digests.find(file(1, 2, 3, 4), later).orElseThrow());
    assertTrue(digests.find(file(9, 2, 3, 4), later).isEmpty());
    assertTrue(digests.find(file(1, 9, 3, 4), later).isEmpty());
    assertTrue(digests.find(file(1, 2, 9, 4), later).isEmpty());
    assertTrue(digests.find(file(1, 2, 3, 9), later).isEmpty());
  }

  @Test
  void keepsWhatIsUnsettledForItsSession() throws IOException {
    FileDigests digests = new FileDigests();
    long session = digests.newSession();
    digests.put(file(1, 2, 3, 4), session, digest(1), false);
    assertTrue(digests.find(file(1, 2, 3, 4), session).isPresent());
    assertTrue(digests.find(file(1, 2, 3, 4), digests.newSession()).isEmpty());
    digests.save(temp.resolve("f"));
    assertFalse(Files.exists(temp.resolve("f")));
  }

  @Test
  void survivesOnDisk() throws IOException {
    Path saved = temp.resolve("f");
    FileDigests digests = new FileDigests();
    long session = digests.newSession();
    for (int i = 0; i < 5000; i++) {
      digests.put(file(i, i, i, i), session, digest(i), true);
    }
    digests.put(file(7000, 1, 1, 1), session, digest(1), false);
    digests.save(saved);
    FileDigests again = FileDigests.load(saved);
    assertEquals(5000, again.size());
    long later = again.newSession();
    assertTrue(later > session);
    for (int i = 0; i < 5000; i++) {
      assertArrayEquals(digest(i), again.find(file(i, i, i, i), later).orElseThrow());
    }
  }

  @Test
  void forgetsWhatIsDamaged() throws IOException {
    Path saved = temp.resolve("f");
    FileDigests digests = new FileDigests();
    digests.put(file(1, 2, 3, 4), digests.newSession(), digest(1), true);
    digests.save(saved);
    byte[] good = Files.readAllBytes(saved);
    for (int i = 0; i < good.length; i++) {
      byte[] bad = good.clone();
      bad[i] ^= 4;
      Files.write(saved, bad);
      assertEquals(0, FileDigests.load(saved).size(), "byte " + i);
      Files.write(saved, Arrays.copyOf(good, i));
      assertEquals(0, FileDigests.load(saved).size(), "length " + i);
    }
  }

  @Test
  void forgetsTheOldestWhenItIsFull() {
    FileDigests digests = new FileDigests();
    long old = digests.newSession();
    for (int i = 0; i < 150_000; i++) {
      digests.put(file(i, 1, 1, 1), old, digest(1), true);
    }
    long young = digests.newSession();
    for (int i = 200_000; i < 280_000; i++) {
      digests.put(file(i, 1, 1, 1), young, digest(2), true);
    }
    assertTrue(digests.size() <= 200_000);
    assertTrue(digests.find(file(279_999, 1, 1, 1), young).isPresent());
    assertTrue(digests.find(file(200_000, 1, 1, 1), young).isPresent());
  }
}
