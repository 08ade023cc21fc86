package io.slipway.cli.command;

import io.slipway.image.error.SlipwayException;
import io.slipway.registry.auth.ApiKey;
import io.slipway.registry.auth.ApiKeyBounds;
import io.slipway.registry.auth.ApiKeyFile;
import io.slipway.registry.auth.NamePattern;
import io.slipway.registry.config.Action;
import io.slipway.registry.config.SettingsReader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code slipway registry token}: API keys, secrets that stand for a user. A running registry takes
 * notice within seconds.
 */
final class RegistryTokenCommands {
  private RegistryTokenCommands() {}

  private static Path file(Invocation call) {
    return ApiKeyFile.path(RegistryFlags.read(call).dataRoot());
  }

  /** Makes a key and prints it, the only time that it is known. */
  static final class Create implements Command {
    @Override
    public void describe(CommandSpec spec) {
      RegistryFlags.describe(new Options(spec))
          .text("How long it is valid, such as 90d (default: until revoked)", "time", "--expires")
          .list("Only for such repositories, such as team/**", "pattern", "--repository")
          .list("Only for this: pull, push or delete", "action", "--action")
          .text("What it is for", "text", "--note")
          .words();
    }

    @Override
    public String arguments() {
      return "[OPTIONS] USER";
    }

    @Override
    public int run(Invocation call) {
      String user = call.arguments(1).getFirst();
      try {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        Optional<Duration> life =
            Optional.of(call.text("--expires"))
                .filter(t -> !t.isEmpty())
                .map(SettingsReader::duration);
        ApiKeyBounds bounds =
            new ApiKeyBounds(
                call.list("--repository").stream().map(NamePattern::parse).toList(),
                actions(call.list("--action")),
                call.text("--note"));
        ApiKeyFile.Created made =
            ApiKeyFile.create(file(call), user, life.map(now::plus), bounds, now);
        call.console().out().println(made.text());
        call.console().out().flush();
        call.console()
            .err()
            .println("use it as the password of " + user + "; it is not shown again");
        return 0;
      } catch (SlipwayException e) {
        throw new CommandFailure(1, "slipway registry: " + e.getMessage());
      }
    }

    private static Set<Action> actions(List<String> names) {
      Set<Action> actions = EnumSet.noneOf(Action.class);
      for (String name : names) {
        try {
          actions.add(Action.valueOf(name.toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
          throw new UsageException("--action wants pull, push or delete, got " + name);
        }
      }
      return actions;
    }
  }

  /** Prints the keys, without their secrets. */
  static final class Keys implements Command {
    @Override
    public void describe(CommandSpec spec) {
      RegistryFlags.describe(new Options(spec)).words();
    }

    @Override
    public String arguments() {
      return "[OPTIONS]";
    }

    @Override
    public int run(Invocation call) {
      call.arguments(0);
      try {
        Table table =
            new Table("ID", "USER", "CREATED", "EXPIRES", "REPOSITORIES", "ACTIONS", "NOTE");
        for (ApiKey key : ApiKeyFile.read(file(call)).keys()) {
          table.row(
              key.id(),
              key.user(),
              key.created().toString(),
              key.expires().map(Instant::toString).orElse("never"),
              join(key.repositories()),
              join(key.actions()).toLowerCase(Locale.ROOT),
              key.note());
        }
        table.print(call.console().out());
        return 0;
      } catch (SlipwayException e) {
        throw new CommandFailure(1, "slipway registry: " + e.getMessage());
      }
    }

    private static String join(java.util.Collection<?> things) {
      return things.isEmpty()
          ? "all"
          : things.stream().map(Object::toString).collect(Collectors.joining(","));
    }
  }

  /** Takes a key out. */
  static final class Revoke implements Command {
    @Override
    public void describe(CommandSpec spec) {
      RegistryFlags.describe(new Options(spec)).words();
    }

    @Override
    public String arguments() {
      return "[OPTIONS] ID";
    }

    @Override
    public int run(Invocation call) {
      String id = call.arguments(1).getFirst();
      try {
        if (!ApiKeyFile.revoke(file(call), id)) {
          throw new CommandFailure(1, "slipway registry: no API key " + id);
        }
        call.console().out().println("revoked " + id);
        return 0;
      } catch (SlipwayException e) {
        throw new CommandFailure(1, "slipway registry: " + e.getMessage());
      }
    }
  }
}
