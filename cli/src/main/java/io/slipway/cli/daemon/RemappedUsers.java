package io.slipway.cli.daemon;

import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.spec.IdMappings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The users of containers under {@code --userns-remap}: ranges that the machine has given to one
 * user and one group, read as dockerd reads them.
 */
final class RemappedUsers {
  private static final String DEFAULT = "default";
  private static final String DEFAULT_NAME = "dockremap";
  private static final int NUMBER = 2;

  private final Path etc;

  private RemappedUsers(Path etc) {
    this.etc = etc;
  }

  /**
   * The mappings that a setting means; empty if it means root itself.
   *
   * @param setting {@code default}, or a user and perhaps a group, by name or number
   * @param etc the machine's {@code /etc}
   */
  static Optional<IdMappings> parse(String setting, Path etc) {
    try {
      return new RemappedUsers(etc).parse(setting);
    } catch (IOException e) {
      throw SlipwayException.invalid(
          "--userns-remap=" + setting + ": cannot read " + e.getMessage());
    }
  }

  private Optional<IdMappings> parse(String setting) throws IOException {
    String[] parts = setting.split(":", -1);
    if (parts.length > NUMBER) {
      throw SlipwayException.invalid(
          "Invalid user/group specification in --userns-remap: \"" + setting + "\"");
    }
    String named = parts[0].equals(DEFAULT) ? DEFAULT_NAME : parts[0];
    Entry user = find("passwd", "user", named);
    Entry group =
        parts.length == NUMBER
            ? find("group", "group", parts[1])
            : find("group", "group", isNumber(named) ? user.number() : user.name());
    if (user.name().equals("root")) {
      return Optional.empty();
    }
    return Optional.of(new IdMappings(ranges("subuid", user), ranges("subgid", group)));
  }

  /** A line of passwd or group. */
  private record Entry(String name, String number) {}

  private Entry find(String file, String kind, String wanted) throws IOException {
    int column = isNumber(wanted) ? NUMBER : 0;
    return lines(file, fields -> fields.length > NUMBER && fields[column].equals(wanted)).stream()
        .map(fields -> new Entry(fields[0], fields[NUMBER]))
        .findFirst()
        .orElseThrow(() ->
            SlipwayException.invalid(
                "--userns-remap: %s \"%s\" has no entry in %s%s"
                    .formatted(kind, wanted, etc.resolve(file), advice(wanted))));
  }

  private static String advice(String wanted) {
    return wanted.equals(DEFAULT_NAME)
        ? ": make it with useradd --system --user-group "
            + DEFAULT_NAME
            + " and give it ranges in subuid and subgid, as "
            + DEFAULT_NAME
            + ":100000:65536"
        : "";
  }

  private List<IdMappings.Range> ranges(String file, Entry owner) throws IOException {
    List<IdMappings.Range> ranges = new ArrayList<>();
    int inside = 0;
    for (String[] fields :
        lines(
            file,
            f -> f.length > NUMBER && (f[0].equals(owner.name()) || f[0].equals(owner.number())))) {
      int size = number(file, fields[NUMBER]);
      ranges.add(new IdMappings.Range(inside, number(file, fields[1]), size));
      inside += size;
    }
    if (ranges.isEmpty()) {
      throw SlipwayException.invalid(
          "Can't create ID mappings: no %s ranges found for \"%s\" in %s"
              .formatted(file, owner.name(), etc.resolve(file)));
    }
    return ranges;
  }

  private int number(String file, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw SlipwayException.invalid(
          "%s holds \"%s\" where a number is meant".formatted(etc.resolve(file), text));
    }
  }

  private List<String[]> lines(String file, Predicate<String[]> wanted) throws IOException {
    Path path = etc.resolve(file);
    if (!Files.exists(path)) {
      return List.of();
    }
    return Files.readAllLines(path).stream()
        .map(line -> line.strip().split(":"))
        .filter(wanted)
        .toList();
  }

  private static boolean isNumber(String text) {
    return text.matches("\\d+");
  }
}
