package io.slipway.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --build-context} with an image that lies in a folder, as a base and to copy from. */
class NamedContextsIT {
  /** A folder's name need not be one of an image. */
  private static final String FOLDER = "_My Layout--x_";

  @TempDir static Path temp;
  private static SlipwayDaemon daemon;
  private static Shell shell;

  @BeforeAll
  static void start() throws IOException {
    daemon = new SlipwayDaemon(temp.resolve("daemon"), SlipwayDaemon.Network.numbered(25));
    daemon.importBase("busybox");
    shell = daemon.shell(temp).with("CLI", SlipwayDaemon.LAUNCHER);
    Path layout = Files.createDirectory(temp.resolve(FOLDER));
    shell
        .sh(
            "printf 'FROM busybox\\nRUN echo from the folder >/made\\nENV OF=layout\\n'"
                + " | $CLI build -q -o type=oci,dest=image.tar,name=kept:1 -")
        .text();
    shell.in(layout).run("tar", "-xf", "../image.tar").text();
  }

  @AfterAll
  static void stop() throws IOException {
    try (SlipwayDaemon ours = daemon) {
      assertThat(Leftovers.of(ours)).isEmpty();
    }
  }

  private static Shell.Result build(String dockerfile, String layout) {
    return shell
        .with("DOCKERFILE", dockerfile)
        .with("LAYOUT", layout)
        .sh(
            "printf \"$DOCKERFILE\" | $CLI build --progress plain -t built"
                + " --build-context \"lay=oci-layout://$LAYOUT\" -");
  }

  @Test
  void anImageInAFolderIsABase() {
    assertThat(build("FROM lay\\nRUN echo $OF >/of\\n", FOLDER).exitCode()).isZero();
    assertThat(shell.sh("$CLI run --rm --network none built cat /made /of").text())
        .isEqualTo("from the folder\nlayout\n");
  }

  @Test
  void anImageInAFolderIsCopiedFromByTagAndDigest() throws IOException {
    String index = Files.readString(temp.resolve(FOLDER).resolve("index.json"));
    String digest = index.replaceAll("(?s).*\"digest\"\\s*:\\s*\"(sha256:[0-9a-f]{64})\".*", "$1");
    String dockerfile = "FROM busybox\\nCOPY --from=lay /made /copied\\n";
    for (String selected : new String[] {"", ":1", "@" + digest}) {
      assertThat(build(dockerfile, FOLDER + selected).exitCode()).as(selected).isZero();
      assertThat(shell.sh("$CLI run --rm --network none built cat /copied").text())
          .isEqualTo("from the folder\n");
    }
  }

  @Test
  void whatIsNotThereIsNamed() {
    Shell.Result folder = build("FROM lay\\n", "nosuch");
    assertThat(folder.exitCode()).isEqualTo(1);
    assertThat(folder.err()).contains("nosuch");
    Shell.Result tag = build("FROM lay\\n", FOLDER + ":nosuch");
    assertThat(tag.exitCode()).isEqualTo(1);
    assertThat(tag.err()).contains("nosuch");
  }
}
