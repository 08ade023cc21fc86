package io.slipway.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The README, typed in from top to bottom in one shell: blocks marked {@code sh} must succeed,
 * {@code sh server} stays running, of {@code sh ci} and {@code sh example} the words must exist;
 * {@code sh user} is what {@link RootlessIT} runs, {@code sh example root} prepares a machine for
 * it. Only the folders, the bridge and the port are the test's own. Needs root and Debian's package
 * servers.
 */
class ReadmeIT {
  static final Pattern BLOCK = Pattern.compile("(?m)^```(sh[^\n]*)\n([^`]*)^```$");
  private static final Set<String> KINDS =
      Set.of("sh", "sh server", "sh ci", "sh example", "sh user", "sh example root");

  @TempDir Path temp;
  private final List<ServerProcess> servers = new ArrayList<>();
  private Shell shell;
  private String port;
  private StringBuilder printed = new StringBuilder();

  private record Block(String kind, String text) {}

  @AfterEach
  void stop() throws Exception {
    servers.forEach(ServerProcess::close);
    Path lock = temp.resolve("data/daemon.lock");
    if (Files.exists(lock)) {
      ProcessHandle daemon =
          ProcessHandle.of(Long.parseLong(Files.readString(lock).strip())).orElseThrow();
      daemon.destroy();
      daemon.onExit().get(30, TimeUnit.SECONDS);
    }
    new Shell(SlipwayDaemon.ROOT, Map.of())
        .run("rm", "-rf", "--one-file-system", temp.resolve("data").toString())
        .text();
  }

  @Test
  void everyCommandWorks() throws IOException {
    SlipwayDaemon.Network network = SlipwayDaemon.Network.numbered(6);
    port = Integer.toString(RegistryProcess.freePort());
    shell =
        new Shell(
            SlipwayDaemon.ROOT,
            Map.of(
                "SLIPWAY_DATA_ROOT", temp.resolve("data").toString(),
                "SLIPWAY_EXEC_ROOT", temp.resolve("exec").toString(),
                "SLIPWAY_BRIDGE", network.bridge(),
                "SLIPWAY_BIP", network.bip(),
                "DOCKER_HOST", "",
                "DOCKER_BUILDKIT", ""));
    List<Block> blocks = blocks();
    assertThat(blocks).extracting(Block::kind).containsAll(KINDS).isSubsetOf(KINDS);
    blocks.forEach(this::perform);
    for (String sample : List.of("hello", "web", "ci")) {
      String expected =
          Files.readString(SlipwayDaemon.ROOT.resolve("samples/" + sample + "/expected.txt"));
      for (String line : expected.lines().toList()) {
        assertThat(printed).as(sample).contains(line);
      }
    }
    assertThat(printed).contains("from a pipe\n").contains("sleeper").contains("It works.");
  }

  private List<Block> blocks() throws IOException {
    String text = Files.readString(SlipwayDaemon.ROOT.resolve("README.md"));
    text =
        text.replace("/run/slipway/slipway.sock", temp.resolve("exec/slipway.sock").toString())
            .replace("/tmp/slipway-registry", temp.resolve("registry").toString())
            .replace("127.0.0.1:5000", "127.0.0.1:" + port)
            .replace("localhost:5000", "localhost:" + port);
    List<Block> blocks = new ArrayList<>();
    Matcher block = BLOCK.matcher(text);
    while (block.find()) {
      blocks.add(new Block(block.group(1).strip(), block.group(2)));
    }
    return blocks;
  }

  private void perform(Block block) {
    switch (block.kind()) {
      case "sh" -> run(block.text());
      case "sh server" -> serve(block.text());
      case "sh ci", "sh example" -> parses(block.text());
      case "sh user", "sh example root" -> assertThat(block.text()).isNotBlank();
      default -> throw new AssertionError(block.kind());
    }
  }

  /** What a block exports, the next ones see. */
  private void run(String text) {
    Path state = temp.resolve("environment");
    String before = Files.exists(state) ? ". " + state + "\n" : "";
    Shell.Result result = shell.sh(before + "set -e\n" + text + "\nexport -p >" + state);
    printed.append(result.text());
  }

  private void serve(String text) {
    ServerProcess server =
        new ServerProcess(
            temp.resolve("server.log"),
            Map.of(),
            List.of("sh", "-c", "cd " + SlipwayDaemon.ROOT + " && exec " + text.strip()));
    servers.add(server);
    server.awaitReady(() -> RegistryProcess.accepts(Integer.parseInt(port)));
  }

  private void parses(String text) {
    text.lines().map(String::strip).forEach(this::parsesLine);
  }

  private void parsesLine(String line) {
    List<String> words = List.of(line.split("\\s+"));
    Path program = SlipwayDaemon.ROOT.resolve(words.getFirst());
    assertThat(program).isExecutable();
    if (!program.endsWith("slipway")) {
      return;
    }
    List<String> command =
        new ArrayList<>(words.stream().takeWhile(word -> !word.startsWith("-")).toList());
    command.add("--help");
    String help = shell.run(command.toArray(String[]::new)).text();
    for (String word : words) {
      if (word.startsWith("-")) {
        assertThat(help).containsPattern("(?m)(^|\\s)" + word + "[ ,]");
      }
    }
  }
}
