package io.slipway.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Ten Dockerfiles built by Debian's dockerd (its BuildKit) and by us: the same configuration, and
 * the same files with type, mode, owner, size, content and extended attributes. Needs root.
 */
class ParityIT {
  private static final Path CASES = Path.of("src/test/resources/parity").toAbsolutePath();

  @TempDir static Path temp;
  private static PeerDockerd peer;
  private static SlipwayDaemon ours;

  @BeforeAll
  static void startBoth() throws IOException {
    peer = new PeerDockerd(temp.resolve("peer"));
    ours = new SlipwayDaemon(temp.resolve("ours"), SlipwayDaemon.Network.numbered(1));
    ours.importBase("busybox");
    Shell shell = peer.shell(SlipwayDaemon.ROOT);
    String tar = shell.run("samples/make-base", "busybox").text().strip();
    shell.run("docker", "import", tar, "busybox:latest").text();
  }

  @AfterAll
  static void stopBoth() {
    try (PeerDockerd theirs = peer;
        SlipwayDaemon mine = ours) {
      assertThat(theirs).isNotNull();
      assertThat(mine.process().isAlive()).isTrue();
    }
  }

  static List<String> cases() throws IOException {
    try (var children = Files.list(CASES)) {
      List<String> names =
          children
              .filter(Files::isDirectory)
              .map(p -> p.getFileName().toString())
              .sorted()
              .toList();
      assertThat(names).hasSize(10);
      return names;
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void sameImage(String name) throws IOException {
    Path context = temp.resolve("context-" + name);
    Shell here = new Shell(temp, Map.of());
    here.run("cp", "-a", CASES.resolve(name).toString(), context.toString()).text();
    Path setup = CASES.resolve(name + ".setup.sh");
    if (Files.exists(setup)) {
      here.in(context).run("sh", setup.toString()).text();
    }
    ImageTree theirs = build(peer.shell(context), peer.client(), name);
    ImageTree mine = build(ours.shell(context), "docker", name);

    assertThat(ImageComparison.differences(theirs, mine)).isEmpty();
  }

  private static ImageTree build(Shell shell, String docker, String name) throws IOException {
    shell.run(docker, "build", "--network", "none", "-t", "parity-" + name, ".").text();
    Path archive = temp.resolve(name + "-" + Path.of(docker).getNameCount() + ".tar");
    shell.run(docker, "save", "-o", archive.toString(), "parity-" + name).text();
    ImageTree tree = ImageTree.ofSaved(archive);
    Files.delete(archive);
    return tree;
  }
}
