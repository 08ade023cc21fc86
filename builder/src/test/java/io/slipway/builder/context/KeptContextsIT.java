package io.slipway.builder.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.builder.graph.ContentRead;
import io.slipway.builder.remote.Remotes;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.tar.TarEntry;
import io.slipway.image.tar.TarTime;
import io.slipway.image.tar.TarType;
import io.slipway.image.tar.TarWriter;
import io.slipway.runtime.layer.Dir;
import io.slipway.runtime.linux.FileStatus;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a sent context takes over from an earlier one; root, because files are given to root. */
class KeptContextsIT {
  private static final ContentRead ALL = new ContentRead(1, "/", true, List.of());
  private static final long LONG_AGO = 1_000_000_000L;
  private static final TarTime TIME = new TarTime(LONG_AGO, 5);

  private static final int LETTERS = 6;
  private static final int ALL_LETTERS = (1 << LETTERS) - 1;

  /** More than what is read at once. */
  private static final int LARGE = 600_000;

  @TempDir Path temp;
  private Path folder;
  private BuildContexts contexts;

  @BeforeEach
  void open() throws IOException {
    folder = temp.resolve("build");
    restart();
  }

  private void restart() throws IOException {
    contexts = BuildContexts.in(folder, Remotes.in(temp.resolve("remotes")));
  }

  /** An archive under way; always with a Dockerfile. */
  private static final class Archive {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarWriter tar = new TarWriter(bytes);

    Archive() throws IOException {
      file("Dockerfile", "FROM x");
    }

    Archive file(String name, String content) throws IOException {
      return put(TarEntry.file(name, 0644, content.length(), TIME), content);
    }

    Archive put(TarEntry entry, String content) throws IOException {
      byte[] data = content.getBytes(StandardCharsets.ISO_8859_1);
      tar.put(entry);
      tar.write(data, 0, data.length);
      return this;
    }

    byte[] finish() throws IOException {
      tar.finish();
      return bytes.toByteArray();
    }
  }

  private BuildContext send(byte[] archive) {
    return send(contexts, new ByteArrayInputStream(archive));
  }

  private static BuildContext send(BuildContexts to, InputStream archive) {
    return to.open(new ContextSource.Tar(archive), new DockerfileSource.InContext("Dockerfile"));
  }

  private static Object inode(BuildContext context, String name) throws IOException {
    return Files.getAttribute(context.files().root().resolve(name), "unix:ino");
  }

  private static String read(BuildContext context, String name) throws IOException {
    return Files.readString(context.files().root().resolve(name));
  }

  @Test
  void whatIsTheSameIsMoved() throws IOException {
    String large = "x".repeat(LARGE);
    Object same;
    Object changed;
    Object touched;
    try (BuildContext first =
        send(
            new Archive()
                .file("same", large)
                .file("d/changed", large + "1")
                .file("touched", "t")
                .file("gone", "")
                .finish())) {
      same = inode(first, "same");
      changed = inode(first, "d/changed");
      touched = inode(first, "touched");
    }
    TarEntry later = TarEntry.file("touched", 0755, 1, new TarTime(LONG_AGO + 9, 0));
    try (BuildContext second =
        send(
            new Archive()
                .file("same", large)
                .file("d/changed", large + "2")
                .put(later, "t")
                .finish())) {
      assertEquals(same, inode(second, "same"));
      assertNotEquals(changed, inode(second, "d/changed"));
      assertEquals(large + "2", read(second, "d/changed"));
      assertEquals(touched, inode(second, "touched"));
      Path file = second.files().root().resolve("touched");
      assertEquals(LONG_AGO + 9, Files.getLastModifiedTime(file).toMillis() / 1000);
      assertTrue(Files.isExecutable(file));
      assertFalse(Files.exists(second.files().root().resolve("gone")));
      assertEquals(second.content(ALL), ContentDigests.of(second.files(), ALL));
    }
  }

  @Test
  void buildsAtTheSameTimeShareNothing() throws IOException {
    byte[] sent = new Archive().file("f", "content").finish();
    send(sent).close();
    assertEquals(1, contexts.kept().size());
    try (BuildContext one = send(sent);
        BuildContext other = send(sent)) {
      assertEquals(List.of(), contexts.kept());
      assertNotEquals(inode(one, "f"), inode(other, "f"));
      assertEquals("content", read(one, "f"));
      assertEquals("content", read(other, "f"));
    }
    assertEquals(2, contexts.kept().size());
  }

  @Test
  void aContextThatIsLikeNoOtherLeavesTheOthersAlone() throws IOException {
    byte[] one = new Archive().file("one", "1").finish();
    byte[] other = new SingleFile("Other", "FROM other").archive();
    send(one).close();
    contexts
        .open(
            new ContextSource.Tar(new ByteArrayInputStream(other)),
            new DockerfileSource.InContext("Other"))
        .close();
    assertEquals(2, contexts.kept().size());
    assertEquals(List.of(1, 1), contexts.kept().stream().map(KeptContext::builds).toList());
    send(one).close();
    assertEquals(List.of(2, 1), contexts.kept().stream().map(KeptContext::builds).toList());
  }

  /** An archive of one file. */
  private record SingleFile(String name, String content) {
    byte[] archive() throws IOException {
      var bytes = new ByteArrayOutputStream();
      var tar = new TarWriter(bytes);
      tar.put(TarEntry.file(name, 0644, content.length(), TIME));
      tar.write(content.getBytes(StandardCharsets.UTF_8), 0, content.length());
      tar.finish();
      return bytes.toByteArray();
    }
  }

  @Test
  void takesNoBytesOnTrust() throws IOException {
    byte[] sent = new Archive().file("f", "right").file("g", "right").finish();
    send(sent).close();
    Path kept = folder.resolve("kept").resolve(contexts.kept().getFirst().name()).resolve("files");
    Files.writeString(kept.resolve("f"), "wrong");
    Files.setLastModifiedTime(kept.resolve("f"), Files.getLastModifiedTime(kept.resolve("g")));
    try (BuildContext again = send(sent)) {
      assertEquals("right", read(again, "f"));
      assertEquals("right", read(again, "g"));
    }
  }

  @Test
  void outlivesTheDaemonIfItIsWhole() throws IOException {
    byte[] sent = new Archive().file("f", "content").finish();
    Object before;
    try (BuildContext first = send(sent)) {
      before = inode(first, "f");
    }
    TestTrees.make(folder.resolve("kept"), "unfinished/files/f");
    TestTrees.make(folder.resolve("unpacked"), "killed/files/f", "taken-former/files/f");
    restart();
    try (var left = Files.list(folder.resolve("unpacked"))) {
      assertEquals(List.of(), left.toList());
    }
    try (var left = Files.list(folder.resolve("kept"))) {
      assertEquals(1, left.count());
    }
    try (BuildContext second = send(sent)) {
      assertEquals(before, inode(second, "f"));
    }
  }

  @Test
  void brokenArchivesLeaveNothing() throws IOException {
    byte[] sent = new Archive().file("f", "x".repeat(5000)).finish();
    send(sent).close();
    assertThrows(SlipwayException.class, () -> send(Arrays.copyOf(sent, 4000)));
    try (var left = Files.list(folder.resolve("unpacked"))) {
      assertEquals(List.of(), left.toList());
    }
    try (BuildContext again = send(sent)) {
      assertEquals(5000, read(again, "f").length());
    }
  }

  @Test
  void keepsFewAndTheLast() throws IOException {
    for (int i = 0; i < 6; i++) {
      String name = "Dockerfile" + i;
      byte[] sent = new SingleFile(name, "FROM " + i).archive();
      contexts
          .open(
              new ContextSource.Tar(new ByteArrayInputStream(sent)),
              new DockerfileSource.InContext(name))
          .close();
    }
    List<KeptContext> kept = contexts.kept();
    assertEquals(4, kept.size());
    try (var folders = Files.list(folder.resolve("kept"))) {
      assertEquals(4, folders.count());
    }
    for (KeptContext context : kept) {
      assertTrue(contexts.remove(context));
      assertFalse(contexts.remove(context));
    }
    try (var folders = Files.list(folder.resolve("kept"))) {
      assertEquals(0, folders.count());
    }
  }

  @Test
  void keepsNothingThatIsTooLarge() throws IOException {
    Path place = temp.resolve("small");
    KeptContexts small = KeptContexts.in(new ContextLayout(place), 4, 10_000);
    keep(small, "first", 1000);
    keep(small, "second", 2000);
    assertEquals(List.of(6096L), small.list().stream().map(KeptContext::bytes).toList());
    keep(small, "large", 9000);
    assertEquals(List.of(6096L), small.list().stream().map(KeptContext::bytes).toList());
    try (var left = Files.list(place.resolve("unpacked"))) {
      assertEquals(List.of(), left.toList());
    }
  }

  private static void keep(KeptContexts kept, String name, int size) throws IOException {
    ContextFolder folder = kept.begin();
    folder.unpack(
        new ByteArrayInputStream(new SingleFile(name, "x".repeat(size)).archive()),
        KnownDigests.in(new FileDigests()),
        ArchiveLimits.DEFAULTS);
    folder.keep();
  }

  /** Whatever came before, the tree is what the archive makes in an empty folder. */
  @Test
  void nothingOfAnEarlierContextShows() throws IOException {
    int moved = 0;
    for (int seed = 0; seed < 40; seed++) {
      var random = new Random(seed);
      for (int round = 0; round < 5; round++) {
        byte[] sent = randomArchive(random);
        BuildContexts empty =
            BuildContexts.in(temp.resolve("fresh"), Remotes.in(temp.resolve("remotes")));
        empty.kept().forEach(context -> assertRemoved(empty, context));
        Map<String, String> expected;
        Map<String, String> found;
        try (BuildContext fresh = send(empty, new ByteArrayInputStream(sent));
            BuildContext reused = send(sent)) {
          expected = listing(fresh.files().root());
          found = listing(reused.files().root());
          assertEquals(fresh.content(ALL), reused.content(ALL), "seed " + seed);
        } catch (SlipwayException e) {
          // refused, then by both
          assertThrows(SlipwayException.class, () -> send(sent));
          continue;
        }
        assertEquals(expected, found, "seed " + seed + ", round " + round);
        moved += contexts.kept().getFirst().builds() > 1 ? 1 : 0;
      }
    }
    assertTrue(moved > 100, "only " + moved + " found an earlier context");
  }

  private static void assertRemoved(BuildContexts contexts, KeptContext context) {
    try {
      assertTrue(contexts.remove(context));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] randomArchive(Random random) throws IOException {
    Archive archive = new Archive();
    // what is a directory now may be a file next time
    int directories = random.nextInt(1 << LETTERS);
    for (int i = random.nextInt(30); i >= 0; i--) {
      String name = randomName(random, directories);
      var time = new TarTime(LONG_AGO + random.nextInt(3), 0);
      int mode = random.nextBoolean() ? 0644 : 04755;
      switch (random.nextInt(12)) {
        case 0 -> archive.put(TarEntry.symlink(name, randomName(random, directories), time), "");
        case 1 -> archive.put(TarEntry.hardLink(name, "Dockerfile", time), "");
        case 2 -> archive.put(node(name, time), "");
        case 3 -> {
          String content = "with attributes";
          archive.put(attributed(name, content.length(), time), content);
        }
        case 4 -> {
          String directory = name.substring(0, Math.max(1, name.lastIndexOf('/')));
          archive.put(TarEntry.directory(directory, 0700 + random.nextInt(2), time), "");
        }
        default -> {
          String content = "c".repeat(random.nextInt(3)) + random.nextInt(2);
          archive.put(TarEntry.file(name, mode, content.length(), time), content);
        }
      }
    }
    return archive.finish();
  }

  /** Few names, so that they meet: as files, directories and links, below each other. */
  private static String randomName(Random random, int directories) {
    StringBuilder name = new StringBuilder(random.nextInt(8) == 0 ? "./" : "");
    for (int depth = random.nextInt(3); depth > 0; depth--) {
      name.append(letter(random, directories)).append('/');
    }
    boolean any = random.nextInt(60) == 0;
    return name.append(letter(random, any ? ALL_LETTERS : ~directories & ALL_LETTERS)).toString();
  }

  private static char letter(Random random, int wanted) {
    int letter = random.nextInt(LETTERS);
    while (wanted != 0 && (wanted & 1 << letter) == 0) {
      letter = random.nextInt(LETTERS);
    }
    return (char) ('a' + letter);
  }

  private static TarEntry node(String name, TarTime time) {
    return new TarEntry(name, TarType.FIFO, 0600, 0, 0, 0, time, "", 0, 0, Map.of());
  }

  private static TarEntry attributed(String name, long size, TarTime time) {
    return new TarEntry(
        name,
        TarType.FILE,
        0644,
        0,
        0,
        size,
        time,
        "",
        0,
        0,
        Map.of("user.test", new byte[] {1, 2}));
  }

  /** All that there is to a tree, by path; files with several names tell their first. */
  private static Map<String, String> listing(Path root) throws IOException {
    var listing = new TreeMap<String, String>();
    var firsts = new HashMap<Long, String>();
    try (Dir dir = Dir.open(root)) {
      list(dir, "", listing, firsts);
    }
    return listing;
  }

  private static void list(
      Dir dir, String prefix, Map<String, String> listing, Map<Long, String> firsts)
      throws IOException {
    for (String name : dir.names()) {
      FileStatus status = dir.status(name).orElseThrow();
      String path = prefix + name;
      String content = "";
      if (status.isRegular()) {
        content = Files.readString(dir.fd().path().resolve(name), StandardCharsets.ISO_8859_1);
      } else if (status.isSymlink()) {
        content = dir.readLink(name);
      } else if (status.isDirectory()) {
        try (Dir child = dir.directory(name)) {
          list(child, path + "/", listing, firsts);
        }
      }
      var xattrs = new TreeMap<String, String>();
      dir.xattrs(name).forEach((key, value) -> xattrs.put(key, Arrays.toString(value)));
      // directories that no entry names have the time they were made
      boolean now = status.isDirectory() && status.mtimeSeconds() > LONG_AGO + 1000;
      listing.put(
          path,
          "%o %d:%d %d links, of %s, time %s, %s, %s"
              .formatted(
                  status.mode(),
                  status.uid(),
                  status.gid(),
                  status.isDirectory() ? 0 : status.links(),
                  firsts.computeIfAbsent(status.inode(), inode -> path),
                  now ? "now" : status.mtimeSeconds() + "." + status.mtimeNanos(),
                  content,
                  xattrs));
    }
  }
}
