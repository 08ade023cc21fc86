package io.slipway.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A table of Dockerfiles, one for each rule of the language, built by Debian's dockerd (its
 * BuildKit) and by us: the same configuration, the same layers and the same files. As many cases as
 * fit into a minute, others each day; {@code -Dlanguage.cases=all} takes all, and a name or part of
 * one those. Prints how many were equal. Needs root.
 */
class LanguageParityIT {
  private static final Path TABLE = Path.of("src/test/resources/language").toAbsolutePath();
  private static final Duration SAMPLE = Duration.ofSeconds(45);

  @TempDir static Path temp;
  private static PeerDockerd peer;
  private static SlipwayDaemon ours;

  /** A case; {@code differs} says by which rule the peer is not as we are, or nothing. */
  private record Case(String name, List<String> arguments, String differs, String dockerfile) {}

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

  private static List<Case> table() throws IOException {
    List<Case> cases = new ArrayList<>();
    String text = Files.readString(TABLE.resolve("cases.txt"));
    String[] parts = text.split("(?m)^=== ");
    for (String part : Arrays.asList(parts).subList(1, parts.length)) {
      int end = part.indexOf('\n');
      String[] rule = part.substring(0, end).split(" ! ", 2);
      String[] head = rule[0].split(" \\| ", 2);
      List<String> arguments = head.length == 1 ? List.of() : List.of(head[1].strip().split(" "));
      String differs = rule.length == 1 ? "" : rule[1].strip();
      String dockerfile = part.substring(end + 1).replace("<CR>", "\r");
      cases.add(new Case(head[0].strip(), arguments, differs, dockerfile));
    }
    assertThat(cases).hasSizeGreaterThan(100);
    return cases;
  }

  /** All, those that are asked for, or all beginning at another one each day. */
  private static List<Case> chosen(List<Case> all, String wanted) {
    if (wanted.equals("all")) {
      return all;
    }
    if (!wanted.isEmpty()) {
      return all.stream().filter(c -> c.name.contains(wanted)).toList();
    }
    int first =
        (int) (Instant.now().getEpochSecond() / Duration.ofDays(1).toSeconds() % all.size());
    List<Case> turned = new ArrayList<>(all.subList(first * 37 % all.size(), all.size()));
    turned.addAll(all.subList(0, first * 37 % all.size()));
    return turned;
  }

  @Test
  void sameImages() throws IOException {
    String wanted = System.getProperty("language.cases", "");
    List<Case> cases = chosen(table(), wanted);
    Path context = Files.createDirectory(temp.resolve("context"));
    new Shell(context, Map.of()).run("sh", TABLE.resolve("context.sh").toString()).text();
    Instant end = wanted.isEmpty() ? Instant.now().plus(SAMPLE) : Instant.MAX;
    int equal = 0;
    int expected = 0;
    List<String> faults = new ArrayList<>();
    for (Case one : cases) {
      if (Instant.now().isAfter(end)) {
        break;
      }
      String difference = difference(one, context);
      if (difference.isEmpty() == one.differs.isEmpty()) {
        equal += one.differs.isEmpty() ? 1 : 0;
        expected += one.differs.isEmpty() ? 0 : 1;
      } else {
        faults.add(one.name + ": " + (difference.isEmpty() ? "is equal now" : difference));
      }
    }
    System.out.println(
        "language parity: "
            + equal
            + " equal, "
            + expected
            + " different by rule, "
            + faults.size()
            + " wrong");
    assertThat(faults).isEmpty();
    assertThat(equal).isGreaterThan(wanted.isEmpty() ? 4 : 0);
  }

  /** How the two images differ; empty if they do not. */
  private static String difference(Case one, Path context) throws IOException {
    Files.writeString(context.resolve("Dockerfile"), one.dockerfile);
    Shell.Result theirs = build(peer.shell(context), "/usr/bin/docker", one);
    Shell.Result mine = build(ours.shell(context), "docker", one);
    if (theirs.exitCode() != 0 || mine.exitCode() != 0) {
      return "dockerd ended with "
          + theirs.exitCode()
          + ", we with "
          + mine.exitCode()
          + "\n"
          + (theirs.exitCode() != 0 ? theirs : mine).err();
    }
    ImageTree peers = saved(peer.shell(context), "/usr/bin/docker", one, "theirs");
    ImageTree own = saved(ours.shell(context), "docker", one, "ours");
    return ImageComparison.differences(peers, own);
  }

  private static Shell.Result build(Shell shell, String docker, Case one) throws IOException {
    List<String> command = new ArrayList<>(List.of(docker, "build", "--network", "none"));
    command.addAll(one.arguments);
    command.addAll(List.of("-t", "language-" + one.name, "."));
    return shell.run(command.toArray(String[]::new));
  }

  private static ImageTree saved(Shell shell, String docker, Case one, String whose)
      throws IOException {
    Path archive = temp.resolve(one.name + "-" + whose + ".tar");
    shell.run(docker, "save", "-o", archive.toString(), "language-" + one.name).text();
    ImageTree tree = ImageTree.ofSaved(archive);
    Files.delete(archive);
    return tree;
  }
}
