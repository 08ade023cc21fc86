package io.slipway.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tables of Dockerfiles, one for each rule of the language, built by Debian's dockerd (its
 * BuildKit) and by us: the same configuration, the same layers and the same files, or the same
 * words of failure. What the installed dockerd is too old for is compared with what a newer one
 * made of it (28.5 from Debian sid), kept in {@code resources/language/made}; the little that it
 * cannot do either is held to what is written there from the language's rules. As many cases as fit
 * into a minute, others each day; {@code -Dlanguage.cases=all} takes all, and names or parts of
 * names those. {@code -Dlanguage.peer=FOLDER} compares with the dockerd in that folder, and {@code
 * -Dlanguage.record=true} keeps what that one makes. Prints how many were equal. Needs root.
 */
class LanguageParityIT {
  private static final Duration SAMPLE = Duration.ofSeconds(45);
  private static final boolean NEW_PEER = System.getProperty("language.peer") != null;
  private static final boolean RECORD = Boolean.getBoolean("language.record");

  @TempDir static Path temp;
  private static PeerDockerd peer;
  private static SlipwayDaemon ours;
  private static LanguageWeb web;
  private static Path context;
  private static ImageTree base;

  @BeforeAll
  static void startBoth() throws IOException {
    Path folder = temp.resolve("peer");
    peer =
        NEW_PEER
            ? PeerDockerd.of(Path.of(System.getProperty("language.peer")), folder)
            : new PeerDockerd(folder);
    ours = new SlipwayDaemon(temp.resolve("ours"), SlipwayDaemon.Network.numbered(1));
    ours.importBase("busybox");
    Shell shell = peer.shell(SlipwayDaemon.ROOT);
    String tar = shell.run("samples/make-base", "busybox").text().strip();
    shell.run("docker", "import", tar, "busybox:latest").text();
    context = Files.createDirectory(temp.resolve("context"));
    String script = LanguageCase.FOLDER.resolve("context.sh").toString();
    new Shell(context, Map.of()).run("sh", script).text();
    web = new LanguageWeb(context.resolve("ar/p.tar.gz"));
    base = saved(ours.shell(temp), "docker", "busybox");
  }

  @AfterAll
  static void stopBoth() {
    try (PeerDockerd theirs = peer;
        SlipwayDaemon mine = ours;
        LanguageWeb pages = web) {
      assertThat(theirs).isNotNull();
      assertThat(pages).isNotNull();
      assertThat(mine.process().isAlive()).isTrue();
    }
  }

  /** All, those that are asked for, or all beginning at another one each day. */
  private static List<LanguageCase> chosen(List<LanguageCase> all, String wanted) {
    if (wanted.equals("all")) {
      return all;
    }
    if (!wanted.isEmpty()) {
      List<String> words = List.of(wanted.split(","));
      return all.stream().filter(c -> words.stream().anyMatch(c.name()::contains)).toList();
    }
    int first =
        (int) (Instant.now().getEpochSecond() / Duration.ofDays(1).toSeconds() % all.size());
    List<LanguageCase> turned = new ArrayList<>(all.subList(first * 37 % all.size(), all.size()));
    turned.addAll(all.subList(0, first * 37 % all.size()));
    return turned;
  }

  @Test
  void sameImages() throws IOException {
    String wanted = System.getProperty("language.cases", "");
    Instant end = wanted.isEmpty() ? Instant.now().plus(SAMPLE) : Instant.MAX;
    int live = 0;
    int recorded = 0;
    List<String> faults = new ArrayList<>();
    for (LanguageCase one : chosen(LanguageCase.all(), wanted)) {
      if (Instant.now().isAfter(end)) {
        break;
      }
      boolean peerCan = one.differs().isEmpty() || NEW_PEER && !one.everywhere();
      String difference =
          !one.fault().isEmpty()
              ? sameFault(one, peerCan)
              : peerCan ? withPeer(one) : withRecord(one);
      if (!difference.isEmpty()) {
        faults.add(one.name() + ": " + difference);
      } else if (peerCan) {
        live++;
      } else {
        recorded++;
      }
    }
    System.out.printf(
        "language parity: %d equal to what the peer made, %d equal to what a newer one made, %d"
            + " wrong%n",
        live, recorded, faults.size());
    assertThat(faults).isEmpty();
    assertThat(live).isGreaterThan(0);
    assertThat(live + recorded).isGreaterThan(wanted.isEmpty() ? 8 : 0);
  }

  /** How our image differs from the peer's; empty if it does not. */
  private static String withPeer(LanguageCase one) throws IOException {
    Path folder = folderOf(one);
    Shell.Result theirs = build(peer.shell(folder), one, peer.client());
    if (theirs.exitCode() != 0) {
      return "dockerd ended with " + theirs.exitCode() + "\n" + theirs.err();
    }
    ImageTree peers = saved(peer.shell(folder), peer.client(), "language-" + one.name());
    if (RECORD && !one.differs().isEmpty()) {
      RecordedImage.write(one.record(), RecordedImage.lines(peers, base));
    }
    Shell.Result mine = buildOurs(one, folder);
    if (mine.exitCode() != 0) {
      return "we ended with " + mine.exitCode() + "\n" + mine.err();
    }
    ImageTree own = saved(ours.shell(folder), "docker", "language-" + one.name());
    String difference = ImageComparison.differences(peers, own);
    if (difference.isEmpty() && !one.differs().isEmpty()) {
      return withRecord(one, own);
    }
    return difference;
  }

  private static String withRecord(LanguageCase one) throws IOException {
    Path folder = folderOf(one);
    Shell.Result mine = buildOurs(one, folder);
    if (mine.exitCode() != 0) {
      return "we ended with " + mine.exitCode() + "\n" + mine.err();
    }
    ImageTree own = saved(ours.shell(folder), "docker", "language-" + one.name());
    if (RECORD && one.everywhere()) {
      RecordedImage.write(one.record(), RecordedImage.lines(own, base));
    }
    return withRecord(one, own);
  }

  private static String withRecord(LanguageCase one, ImageTree own) throws IOException {
    if (!Files.exists(one.record())) {
      return "nothing recorded";
    }
    return RecordedImage.differences(
        Files.readAllLines(one.record()), RecordedImage.lines(own, base));
  }

  /** What is wrong about how both fail; empty if they do with the same words. */
  private static String sameFault(LanguageCase one, boolean peerCan) throws IOException {
    Path folder = folderOf(one);
    String words = wrongWords(one, "we", buildOurs(one, folder));
    if (words.isEmpty() && peerCan) {
      words = wrongWords(one, "dockerd", build(peer.shell(folder), one, peer.client()));
    }
    return words;
  }

  private static String wrongWords(LanguageCase one, String who, Shell.Result result) {
    boolean said = result.err().contains(one.fault()) || result.out().contains(one.fault());
    return result.exitCode() != 0 && said
        ? ""
        : who
            + " ended with "
            + result.exitCode()
            + ", not with \""
            + one.fault()
            + "\"\n"
            + result;
  }

  /** The common context with the case's own files in it. */
  private static Path folderOf(LanguageCase one) throws IOException {
    Path folder = context;
    Shell shell = new Shell(temp, Map.of());
    if (!one.files().isEmpty()) {
      folder = temp.resolve("context-of-one");
      shell.run("rm", "-rf", folder.toString()).text();
      shell.run("cp", "-a", context.toString(), folder.toString()).text();
    }
    for (Map.Entry<String, String> file : one.files().entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
    Files.writeString(folder.resolve("Dockerfile"), web.in(one.dockerfile()));
    if (!one.files().isEmpty()) {
      shell.in(folder).sh("find . -exec touch -h -d @1500000000 {} +").text();
    }
    return folder;
  }

  private static Shell.Result buildOurs(LanguageCase one, Path folder) {
    return build(ours.shell(folder), one, one.needsOurClient() ? SlipwayDaemon.LAUNCHER : "docker");
  }

  private static Shell.Result build(Shell shell, LanguageCase one, String client) {
    List<String> command = new ArrayList<>(List.of(client, "build", "--network", "none"));
    command.addAll(one.arguments());
    command.addAll(List.of("-t", "language-" + one.name(), "."));
    return shell.run(command.toArray(String[]::new));
  }

  private static ImageTree saved(Shell shell, String docker, String image) throws IOException {
    Path archive = temp.resolve("saved.tar");
    shell.run(docker, "save", "-o", archive.toString(), image).text();
    ImageTree tree = ImageTree.ofSaved(archive);
    Files.delete(archive);
    return tree;
  }
}
