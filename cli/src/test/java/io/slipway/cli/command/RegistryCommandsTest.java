package io.slipway.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.registry.config.ListenAddress;
import io.slipway.registry.config.RegistrySettings;
import io.slipway.registry.http.RegistryServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of {@code slipway registry} that need no daemon, with settings from a file. */
class RegistryCommandsTest {
  @TempDir Path temp;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private String config;

  @BeforeEach
  void open() throws Exception {
    Path file =
        Files.writeString(
            temp.resolve("registry.yaml"),
            """
            data-root: root
            auth:
              htpasswd: users
            upkeep:
              retention: ["** keep=1"]
            """);
    config = "--config=" + file;
    RegistryServer.open(
            RegistrySettings.of(ListenAddress.parse("127.0.0.1:0"), temp.resolve("root")),
            line -> {})
        .close();
  }

  private int run(String input, String... words) throws InterruptedException {
    out.reset();
    err.reset();
    Console console =
        new Console(
            new ByteArrayInputStream(input.getBytes()),
            new PrintStream(out),
            new PrintStream(err),
            false,
            false,
            false);
    int exitCode =
        new CommandLineRunner(
                SlipwayCommands.table(),
                console,
                host -> {
                  throw new AssertionError("no daemon is asked");
                })
            .run(List.of(words));
    console.flush();
    return exitCode;
  }

  private String good(String... words) throws InterruptedException {
    assertThat(run("secret\n", words)).as(err.toString()).isZero();
    return out.toString();
  }

  @Test
  void tasksTakeTheirSettingsFromTheFile() throws Exception {
    assertThat(good("registry", "gc", config)).contains("freed 0 contents, 0 bytes");
    assertThat(good("registry", "scrub", config)).contains("read 0 contents, 0 bytes; 0 damaged");
    assertThat(good("registry", "fsck", config)).contains("clean: 0 contents");
    assertThat(good("registry", "du", config)).contains("0 repositories");
    assertThat(good("registry", "retention", config, "--dry-run"))
        .as("the rules of the file")
        .contains("0");
    assertThat(run("", "registry", "fsck", config, "--rebuild")).isEqualTo(1);
    assertThat(err.toString()).contains("nothing to rebuild");
    Path other = temp.resolve("other");
    assertThat(run("", "registry", "gc", config, "--data-root", other.toString())).isEqualTo(1);
    assertThat(err.toString()).contains(other + " is not the data root of a registry");
    assertThat(run("", "registry", "gc")).isEqualTo(1);
    assertThat(err.toString()).contains("setting data-root: is missing");
    assertThat(run("", "registry", "gc", config, "--grace", "soon")).isEqualTo(1);
    assertThat(err.toString()).contains("invalid grace: want a duration");
  }

  @Test
  void usersKeysAndSwitchesAreInTheFilesOfTheSettings() throws Exception {
    assertThat(good("registry", "user", "add", config, "--password-stdin", "ann"))
        .isEqualTo("added ann in " + temp.resolve("users") + "\n");
    assertThat(good("registry", "user", "list", config)).isEqualTo("ann\n");
    assertThat(run("", "registry", "user", "remove", config, "bob")).isEqualTo(1);
    assertThat(err.toString()).contains("no user bob in " + temp.resolve("users"));
    good("registry", "user", "remove", config, "ann");
    String key = good("registry", "token", "create", config, "--expires", "90d", "ann").strip();
    assertThat(key).isNotEmpty();
    assertThat(good("registry", "token", "list", config)).contains("ann").doesNotContain(key);
    assertThat(run("", "registry", "token", "revoke", config, "nothing")).isEqualTo(1);
    assertThat(err.toString()).contains("no API key nothing");
    assertThat(good("registry", "read-only", config, "on")).isEqualTo("on\n");
    assertThat(good("registry", "read-only", config, "off")).isEqualTo("off\n");
    assertThat(good("registry", "config", "check", config))
        .contains("data in " + temp.resolve("root"));
    assertThat(run("", "registry", "config", "check", config, "--set", "nonsense=1")).isEqualTo(1);
    assertThat(err.toString()).contains("nonsense");
  }
}
