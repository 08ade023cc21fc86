package io.slipway.cli.command;

/** What {@code --format} may ask for: docker's table, or one JSON object a line. */
enum Format {
  TABLE,
  JSON;

  static Format of(String option) {
    return switch (option) {
      case "", "table" -> TABLE;
      case "json", "{{json .}}" -> JSON;
      default ->
          throw new UsageException(
              "--format %s is not built yet: use 'table' or 'json'".formatted(option));
    };
  }
}
