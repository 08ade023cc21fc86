package io.slipway.cli.command;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** A command's {@code --help}, laid out as docker lays it out. */
record UsageText(CommandTable.Entry entry, Command command, CommandSpec spec) {
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append("Usage:  slipway ").append(entry.name()).append(' ').append(command.arguments());
    text.append("\n\n").append(entry.summary()).append('\n');
    List<OptionSpec> options =
        spec.options().stream()
            .sorted(Comparator.comparing((OptionSpec o) -> longName(o).toLowerCase(Locale.ROOT)))
            .toList();
    int width = options.stream().mapToInt(o -> left(o).length()).max().orElse(0);
    if (!options.isEmpty()) {
      text.append("\nOptions:\n");
    }
    for (OptionSpec option : options) {
      String left = left(option);
      text.append("  ").append(left).append(" ".repeat(width - left.length() + 3));
      text.append(String.join(" ", option.description())).append('\n');
    }
    return text.toString();
  }

  private static String left(OptionSpec option) {
    String shortName = option.shortestName();
    String names =
        shortName.startsWith("--") ? "    " + shortName : shortName + longPart(option, shortName);
    boolean flag = option.typeInfo().getType() == Boolean.class;
    return flag ? names : names + " " + option.paramLabel();
  }

  private static String longPart(OptionSpec option, String shortName) {
    return option.longestName().equals(shortName) ? "" : ", " + option.longestName();
  }

  private static String longName(OptionSpec option) {
    return option.longestName().replaceFirst("^-+", "");
  }
}
