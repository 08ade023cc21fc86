package io.slipway.cli.command;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * All commands, grouped as {@code slipway --help} shows them. A command whose name has more words
 * belongs to a management command, such as {@code image ls}.
 */
final class CommandTable {
  private static final int MAX_WORDS = 3;

  /** The headings of {@code --help}. */
  enum Group {
    COMMON("Common Commands"),
    SERVICE("Services"),
    MANAGEMENT("Management Commands"),
    OTHER("Commands"),
    HIDDEN("");

    private final String title;

    Group(String title) {
      this.title = title;
    }
  }

  /** A row: where it is listed, what it is called, what it does, how it is made. */
  record Entry(Group group, String name, String summary, Supplier<Command> command) {}

  /** A command found in the words of a command line, and how many words named it. */
  record Match(Entry entry, int words) {}

  private final List<Entry> entries;

  CommandTable(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /** The command that the words begin with; longer names first. */
  Optional<Match> find(List<String> words) {
    for (int n = Math.min(MAX_WORDS, words.size()); n > 0; n--) {
      String name = String.join(" ", words.subList(0, n));
      for (Entry entry : entries) {
        if (entry.name().equals(name)) {
          return Optional.of(new Match(entry, n));
        }
      }
    }
    return Optional.empty();
  }

  /** The names below a management command, such as {@code image}; empty if it is none. */
  List<Entry> below(String management) {
    return entries.stream().filter(e -> e.name().startsWith(management + " ")).toList();
  }

  /** The one-word names, and the first words of the others. */
  List<String> names() {
    return entries.stream().map(e -> e.name().split(" ")[0]).distinct().toList();
  }

  /** The text of {@code slipway --help}. */
  String help() {
    StringBuilder text = new StringBuilder("Usage:  slipway [OPTIONS] COMMAND\n\n");
    text.append("Builds, keeps and runs container images\n");
    for (Group group : Group.values()) {
      List<Entry> rows =
          group == Group.MANAGEMENT
              ? managementRows()
              : entries.stream()
                  .filter(e -> e.group() == group)
                  .filter(e -> group == Group.SERVICE || !e.name().contains(" "))
                  .toList();
      if (group != Group.HIDDEN && !rows.isEmpty()) {
        text.append('\n').append(group.title).append(":\n").append(rows(rows));
      }
    }
    return text.append(
            """

            Global Options:
            %s

            Run 'slipway COMMAND --help' for more information on a command.
            """
                .formatted(GlobalOptions.help()))
        .toString();
  }

  /** The text of {@code slipway image --help}. */
  String help(String management) {
    return "Usage:  slipway %s COMMAND%n%nCommands:%n%s%nRun 'slipway %s COMMAND --help' for more information on a command.%n"
        .formatted(
            management,
            rows(
                below(management).stream()
                    .map(e ->
                        new Entry(
                            e.group(),
                            e.name().substring(management.length() + 1),
                            e.summary(),
                            e.command()))
                    .toList()),
            management);
  }

  private List<Entry> managementRows() {
    List<Entry> rows = new ArrayList<>();
    for (String name : names()) {
      if (!below(name).isEmpty() && below(name).getFirst().group() == Group.MANAGEMENT) {
        rows.add(new Entry(Group.MANAGEMENT, name, "Manage " + managed(name), null));
      }
    }
    rows.sort(Comparator.comparing(Entry::name));
    return rows;
  }

  private static String managed(String name) {
    return switch (name) {
      case "builder" -> "builds";
      case "system" -> "Slipway";
      case "manifest" -> "image manifests and manifest lists";
      default -> name + "s";
    };
  }

  private static String rows(List<Entry> rows) {
    int width = rows.stream().mapToInt(e -> e.name().length()).max().orElse(0);
    StringBuilder text = new StringBuilder();
    for (Entry row : rows) {
      text.append("  ").append(row.name());
      text.append(" ".repeat(width - row.name().length() + 3)).append(row.summary()).append('\n');
    }
    return text.toString();
  }
}
