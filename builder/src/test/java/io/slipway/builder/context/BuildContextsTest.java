package io.slipway.builder.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.builder.graph.ContentRead;
import io.slipway.builder.remote.Remotes;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Contexts that are read in place; those that are sent are in {@code SentContextIT}. */
class BuildContextsTest {
  private static final ContentRead ALL = new ContentRead(1, "/", true, List.of());

  @TempDir Path temp;
  private BuildContexts contexts;
  private Path root;

  @BeforeEach
  void folder() throws IOException {
    contexts = BuildContexts.in(temp.resolve("build/context"), Remotes.in(temp.resolve("remotes")));
    root = Files.createDirectory(temp.resolve("root"));
  }

  private BuildContext open(String dockerfile) {
    return contexts.open(
        new ContextSource.Directory(root), new DockerfileSource.InContext(dockerfile));
  }

  private void write(String path, String text) throws IOException {
    Files.createDirectories(root.resolve(path).getParent());
    Files.writeString(root.resolve(path), text);
  }

  @Test
  void findsTheDockerfile() throws IOException {
    write("Dockerfile", "FROM a");
    write("sub/other", "FROM b");
    write(".dockerignore", "*");
    try (BuildContext usual = open("Dockerfile");
        BuildContext other = open("./sub/../sub/other")) {
      assertEquals("FROM a", usual.dockerfile().text());
      assertEquals("FROM b", other.dockerfile().text());
      assertEquals("sub/other", other.dockerfileName());
      assertEquals(List.of(), TestTrees.walk(usual.files(), ""));
    }
  }

  @Test
  void triesLowerCaseAndFollowsLinksInside() throws IOException {
    write("dockerfile", "FROM lower");
    Files.createSymbolicLink(root.resolve("link"), Path.of("/dockerfile"));
    try (BuildContext lower = open("Dockerfile");
        BuildContext link = open("link")) {
      assertEquals("FROM lower", lower.dockerfile().text());
      assertEquals("dockerfile", lower.dockerfileName());
      assertEquals("FROM lower", link.dockerfile().text());
    }
  }

  @Test
  void saysWhatIsWrong() throws IOException {
    Files.writeString(temp.resolve("outside"), "FROM x");
    Files.createSymbolicLink(root.resolve("out"), Path.of("../outside"));
    Files.createDirectory(root.resolve("dir"));
    assertFails(ErrorKind.NOT_FOUND, "Cannot locate specified Dockerfile: x", () -> open("x"));
    assertFails(ErrorKind.NOT_FOUND, "Cannot locate specified Dockerfile: out", () -> open("out"));
    assertFails(
        ErrorKind.NOT_FOUND,
        "Cannot locate specified Dockerfile: ../outside",
        () -> open("../outside"));
    assertFails(ErrorKind.INVALID, "dir in the build context is not a file", () -> open("dir"));
    write("Dockerfile", "FROM a");
    write(".dockerignore", "a\n[");
    assertFails(
        ErrorKind.INVALID,
        "failed parsing .dockerignore line 2: syntax error in pattern: \"[\"",
        () -> open("Dockerfile"));
    root = temp.resolve("none");
    assertFails(
        ErrorKind.NOT_FOUND,
        "unable to prepare context: path \"" + root + "\" not found",
        () -> open("Dockerfile"));
    root = temp.resolve("outside");
    assertFails(
        ErrorKind.INVALID,
        "unable to prepare context: context must be a directory: " + root,
        () -> open("Dockerfile"));
  }

  private static void assertFails(
      ErrorKind kind, String message, org.junit.jupiter.api.function.Executable opening) {
    SlipwayException e = assertThrows(SlipwayException.class, opening);
    assertEquals(message, e.getMessage());
    assertEquals(kind, e.kind());
  }

  @Test
  void takesTheRulesOfTheDockerfileFirst() throws IOException {
    write("Dockerfile", "FROM a");
    write("sub/b.Dockerfile", "FROM b");
    write("sub/b.Dockerfile.dockerignore", "*\n!x");
    write(".dockerignore", "x");
    write("x", "");
    write("y", "");
    try (BuildContext usual = open("Dockerfile");
        BuildContext own = open("sub/b.Dockerfile")) {
      assertFalse(TestTrees.walk(usual.files(), "").contains("x"));
      assertEquals(List.of("x"), TestTrees.walk(own.files(), ""));
    }
    var text =
        new DockerfileSource.Text("-", Bytes.utf8("FROM t"), Optional.of(Bytes.utf8("*\n!y")));
    try (BuildContext given = contexts.open(new ContextSource.Directory(root), text)) {
      assertEquals("FROM t", given.dockerfile().text());
      assertEquals(List.of("y"), TestTrees.walk(given.files(), ""));
    }
    var plain = new DockerfileSource.Text("-", Bytes.utf8("FROM t"), Optional.empty());
    try (BuildContext usual = contexts.open(new ContextSource.Directory(root), plain)) {
      assertFalse(TestTrees.walk(usual.files(), "").contains("x"));
    }
  }

  @Test
  void hasNoFilesWithoutAContext() throws IOException {
    var text = new DockerfileSource.Text("-", Bytes.utf8("FROM t"), Optional.empty());
    try (BuildContext empty = contexts.open(new ContextSource.Empty(), text)) {
      assertEquals(List.of(), TestTrees.walk(empty.files(), ""));
    }
    assertFails(
        ErrorKind.NOT_FOUND,
        "Cannot locate specified Dockerfile: Dockerfile",
        () ->
            contexts.open(new ContextSource.Empty(), new DockerfileSource.InContext("Dockerfile")));
    assertEquals(0, unpacked());
  }

  @Test
  void removesWhatAKilledDaemonLeft() throws IOException {
    TestTrees.make(temp.resolve("build/context/unpacked"), "old/a/b");
    BuildContexts.in(temp.resolve("build/context"), Remotes.in(temp.resolve("remotes")));
    assertEquals(0, unpacked());
  }

  private int unpacked() throws IOException {
    try (var names = Files.list(temp.resolve("build/context/unpacked"))) {
      return (int) names.count();
    }
  }

  @Test
  void seesEveryChangeAlsoThroughWhatItRemembers() throws IOException, InterruptedException {
    write("Dockerfile", "FROM a");
    write("f", "one");
    TestTrees.settle(root.resolve("f"));
    Digest first = contentInNewDaemon();
    assertTrue(Files.exists(temp.resolve("build/context/files.digests")));
    assertEquals(first, contentInNewDaemon());
    // Same size and same modification time: only the change time tells.
    Files.writeString(root.resolve("f"), "two");
    TestTrees.settle(root.resolve("f"));
    Digest second = contentInNewDaemon();
    assertNotEquals(first, second);
    Files.writeString(root.resolve("f"), "one");
    assertEquals(first, contentInNewDaemon());
  }

  private Digest contentInNewDaemon() throws IOException {
    BuildContexts daemon =
        BuildContexts.in(temp.resolve("build/context"), Remotes.in(temp.resolve("remotes")));
    try (BuildContext context =
        daemon.open(
            new ContextSource.Directory(root), new DockerfileSource.InContext("Dockerfile"))) {
      return context.content(ALL);
    }
  }

  @Test
  void noticesWhatChangesDuringABuild() throws IOException {
    write("Dockerfile", "FROM a");
    write("f", "one");
    try (BuildContext context = open("Dockerfile")) {
      Digest before = context.content(ALL);
      assertTrue(context.isUnchanged(ALL));
      // Right after it was read: the clock may not have ticked in between.
      Files.writeString(root.resolve("f"), "two");
      assertFalse(context.isUnchanged(ALL));
      assertEquals(before, context.content(ALL));
    }
  }
}
