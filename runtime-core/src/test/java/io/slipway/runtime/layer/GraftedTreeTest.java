package io.slipway.runtime.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.SlipwayException;
import io.slipway.image.tar.TarReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GraftedTreeTest {
  @TempDir Path temp;
  private Path root;
  private Path volume;
  private GraftedTree tree;

  @BeforeEach
  void make() throws IOException {
    root = Files.createDirectories(temp.resolve("root"));
    volume = Files.createDirectories(temp.resolve("volume"));
    Files.writeString(temp.resolve("secret"), "secret");
    Files.createDirectories(root.resolve("etc/empty"));
    Files.createDirectories(root.resolve("data"));
    Files.createDirectories(root.resolve("proc/1"));
    Files.writeString(root.resolve("etc/hosts"), "stub");
    Files.writeString(root.resolve("etc/passwd"), "passwd");
    Files.writeString(volume.resolve("in-volume"), "v");
    Files.writeString(temp.resolve("hosts"), "real");
    Files.createSymbolicLink(root.resolve("link"), Path.of("/data"));
    Files.createSymbolicLink(root.resolve("out"), Path.of("../../secret"));
    Files.createSymbolicLink(root.resolve("loop"), Path.of("loop"));
    Files.createSymbolicLink(volume.resolve("back"), Path.of("/etc"));
    tree =
        GraftedTree.open(
            root, Grafts.of(Map.of("/data", volume, "/etc/hosts", temp.resolve("hosts"))));
  }

  /** JUnit would warn of each link that leads out of its folder. */
  @AfterEach
  void close() throws IOException {
    tree.close();
    for (Path directory : List.of(root, volume)) {
      try (Dir dir = Dir.open(directory)) {
        for (String name : dir.names()) {
          dir.remove(name);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/etc/passwd, true, etc/passwd",
    "etc//./passwd, true, etc/passwd",
    "/data/in-volume, true, data/in-volume",
    "/link/in-volume, true, data/in-volume",
    "/link/back/passwd, true, etc/passwd",
    "/link/../etc/passwd, true, etc/passwd",
    "/../../etc/passwd, true, etc/passwd",
    "/link, true, data",
    "/link, false, link",
    "/link/, false, data",
    "/link/., false, data",
    "/, true, ''",
  })
  void finds(String path, boolean follow, String real) throws IOException {
    try (GraftedTree.Place place = tree.find(path, follow).orElseThrow()) {
      assertThat(place.path()).isEqualTo(real);
    }
  }

  @ParameterizedTest
  @CsvSource({"/nope", "/etc/passwd/x", "/out", "/data/nope", "/etc/hosts/x"})
  void findsNothing(String path) throws IOException {
    assertThat(tree.find(path, true)).isEqualTo(Optional.empty());
  }

  @Test
  void linksWithoutEndAreRefused() {
    assertThatThrownBy(() -> tree.find("/loop", true)).hasMessageContaining("symbolic links");
  }

  @Test
  void writesWhatIsGraftedNotWhatIsBelow() throws IOException {
    assertThat(names("/", "")).contains("/", "/data/in-volume", "/data/back", "/etc/hosts");
    assertThat(names("/etc", "etc")).containsExactly("etc", "etc/empty", "etc/hosts", "etc/passwd");
    try (GraftedTree.Place hosts = tree.find("/etc/hosts", true).orElseThrow()) {
      assertThat(hosts.status().size()).isEqualTo("real".length());
    }
  }

  private List<String> names(String path, String name) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GraftedTree.Place place = tree.find(path, true).orElseThrow()) {
      tree.writeTar(place, name, out);
    }
    TarReader reader = new TarReader(new ByteArrayInputStream(out.toByteArray()));
    List<String> names = new ArrayList<>();
    for (var entry = reader.next(); entry.isPresent(); entry = reader.next()) {
      names.add(entry.get().name().isEmpty() ? "/" : entry.get().name());
    }
    return names;
  }

  private void apply(String path, ApplyOptions options, Tars tar) throws IOException {
    try (GraftedTree.Place place = tree.find(path, true).orElseThrow()) {
      new LayerApplier(options).apply(tar.stream(), tree, place);
    }
  }

  @Test
  void entriesGoIntoTheGraftWhereverTheArchiveBegins() throws IOException {
    apply("/", ApplyOptions.ARCHIVE, Tars.tar().file("data/a", "1").file("link/b", "2"));
    apply("/link", ApplyOptions.ARCHIVE, Tars.tar().dir("sub").file("sub/c", "3"));
    assertThat(volume.resolve("a")).hasContent("1");
    assertThat(volume.resolve("b")).hasContent("2");
    assertThat(volume.resolve("sub/c")).hasContent("3");
    assertThat(root.resolve("data")).isEmptyDirectory();
  }

  @Test
  void linksLeadWhereTheyDoInTheWholeTree() throws IOException {
    apply("/data", ApplyOptions.ARCHIVE, Tars.tar().file("back/made", "x"));
    assertThat(root.resolve("etc/made")).hasContent("x");
    apply("/etc", ApplyOptions.ARCHIVE, Tars.tar().symlink("up", "../../..").file("up/new", "y"));
    assertThat(root.resolve("new")).hasContent("y");
    assertThat(temp.resolve("secret")).hasContent("secret");
    assertThat(temp.resolve("new")).doesNotExist();
  }

  @Test
  void aMountPointIsNotReplaced() {
    assertThatThrownBy(() -> apply("/etc", ApplyOptions.ARCHIVE, Tars.tar().file("hosts", "x")))
        .hasMessageContaining("device or resource busy");
    assertThatThrownBy(() -> apply("/", ApplyOptions.ARCHIVE, Tars.tar().file("data", "x")))
        .hasMessageContaining("device or resource busy");
  }

  @Test
  void keepsKindsWhenTold() {
    ApplyOptions options = ApplyOptions.ARCHIVE.withKindsKept();
    assertThatThrownBy(() -> apply("/etc", options, Tars.tar().file("empty", "x")))
        .hasMessage("cannot overwrite directory \"/etc/empty\" with non-directory \"/etc\"");
    assertThatThrownBy(() -> apply("/etc", options, Tars.tar().dir("passwd")))
        .hasMessage("cannot overwrite non-directory \"/etc/passwd\" with directory \"/etc\"");
  }

  @Test
  void whatTheArchiveSaysOfItsRootIsLeftOut() throws IOException {
    apply("/etc", ApplyOptions.ARCHIVE, Tars.tar().dir("./", 0700).file("./f", "x"));
    assertThat(Files.getPosixFilePermissions(root.resolve("etc"))).hasSizeGreaterThan(3);
  }

  @Test
  void closedDirectoriesAreEmptyAndTakeNothing() throws IOException {
    try (GraftedTree running = GraftedTree.open(root, Grafts.closing(Set.of("proc")))) {
      assertThat(running.find("/proc/1", true)).isEmpty();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (GraftedTree.Place place = running.find("/proc", true).orElseThrow()) {
        running.writeTar(place, "proc", out);
        assertThatThrownBy(() ->
                new LayerApplier(ApplyOptions.ARCHIVE)
                    .apply(Tars.tar().file("x", "1").stream(), running, place))
            .isInstanceOf(SlipwayException.class)
            .hasMessageContaining("made by the kernel");
      }
      assertThat(out.toString()).doesNotContain("proc/1");
    }
  }
}
