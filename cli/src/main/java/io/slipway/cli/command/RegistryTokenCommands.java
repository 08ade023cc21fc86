package io.slipway.cli.command;

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
  static final class Create extends RegistryFileCommand {
    Create() {
      super("[OPTIONS] USER");
    }

    @Override
    void describe(Options options) {
      options
          .text("How long it is valid, such as 90d (default: until revoked)", "time", "--expires")
          .list("Only for such repositories, such as team/**", "pattern", "--repository")
          .list("Only for this: pull, push or delete", "action", "--action")
          .text("What it is for", "text", "--note");
    }

    @Override
    void act(Invocation call) {
      String user = call.arguments(1).getFirst();
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
      call.console().err().println("use it as the password of " + user + "; it is not shown again");
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
  static final class Keys extends RegistryFileCommand {
    Keys() {
      super("[OPTIONS]");
    }

    @Override
    void act(Invocation call) {
      call.arguments(0);
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
    }

    private static String join(java.util.Collection<?> things) {
      return things.isEmpty()
          ? "all"
          : things.stream().map(Object::toString).collect(Collectors.joining(","));
    }
  }

  /** Takes a key out. */
  static final class Revoke extends RegistryFileCommand {
    Revoke() {
      super("[OPTIONS] ID");
    }

    @Override
    void act(Invocation call) {
      String id = call.arguments(1).getFirst();
      if (!ApiKeyFile.revoke(file(call), id)) {
        throw new CommandFailure(1, "slipway registry: no API key " + id);
      }
      call.console().out().println("revoked " + id);
    }
  }
}
