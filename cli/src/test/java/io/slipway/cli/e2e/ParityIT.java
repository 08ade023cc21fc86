package io.slipway.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
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
    // Debian's client, because it brings its own BuildKit client.
    ImageTree theirs = build(peer.shell(context), "/usr/bin/docker", name);
    ImageTree mine = build(ours.shell(context), "docker", name);

    assertThat(comparable(mine.config())).isEqualTo(comparable(theirs.config()));
    assertThat(layers(mine.config()))
        .as("which history entries are layers")
        .isEqualTo(layers(theirs.config()));
    assertThat(differences(theirs.files(), mine.files())).isEmpty();
  }

  /** Each path that differs, as dockerd has it and as we have it. */
  private static List<String> differences(Map<String, String> theirs, Map<String, String> mine) {
    Set<String> paths = new TreeSet<>(theirs.keySet());
    paths.addAll(mine.keySet());
    return paths.stream()
        .filter(path -> !Objects.equals(theirs.get(path), mine.get(path)))
        .map(path -> path + "\n  dockerd: " + theirs.get(path) + "\n  ours:    " + mine.get(path))
        .toList();
  }

  private static ImageTree build(Shell shell, String docker, String name) throws IOException {
    shell.run(docker, "build", "--network", "none", "-t", "parity-" + name, ".").text();
    Path archive = temp.resolve(name + "-" + Path.of(docker).getNameCount() + ".tar");
    shell.run(docker, "save", "-o", archive.toString(), "parity-" + name).text();
    ImageTree tree = ImageTree.ofSaved(archive);
    Files.delete(archive);
    return tree;
  }

  /** The run configuration; absent, null, empty and "/" for the working directory are the same. */
  private static Map<String, String> comparable(JsonNode image) {
    Map<String, String> members = new TreeMap<>();
    ObjectNode config = (ObjectNode) image.get("config");
    config
        .properties()
        .forEach(member -> {
          JsonNode value = member.getValue();
          boolean empty =
              value.isNull()
                  || value.isContainerNode() && value.isEmpty()
                  || value.isTextual() && value.asText().isEmpty()
                  || member.getKey().equals("WorkingDir") && value.asText().equals("/");
          if (!empty) {
            members.put(member.getKey(), sorted(value));
          }
        });
    members.put("author", image.path("author").asText());
    members.put("platform", image.get("os").asText() + "/" + image.get("architecture").asText());
    return members;
  }

  private static String sorted(JsonNode value) {
    if (!value.isObject()) {
      return value.toString();
    }
    Map<String, String> members = new TreeMap<>();
    value.properties().forEach(m -> members.put(m.getKey(), sorted(m.getValue())));
    return members.toString();
  }

  private static List<Boolean> layers(JsonNode image) {
    return StreamSupport.stream(image.path("history").spliterator(), false)
        .map(h -> !h.path("empty_layer").asBoolean())
        .toList();
  }
}
