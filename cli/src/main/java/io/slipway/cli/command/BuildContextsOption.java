package io.slipway.cli.command;

import io.slipway.cli.client.Query;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code --build-context}: places of this machine are made absolute, for the daemon to read. */
final class BuildContextsOption {
  private static final String LAYOUT = "oci-layout://";

  private BuildContextsOption() {}

  static Query on(Query query, List<String> options) throws IOException {
    Query all = query;
    for (String option : options) {
      int equals = option.indexOf('=');
      if (equals <= 0 || equals == option.length() - 1) {
        throw new UsageException("invalid context value: " + option + ", expected key=value");
      }
      String where = place(option.substring(0, equals), option.substring(equals + 1));
      all = all.with("buildcontext", option.substring(0, equals) + "=" + where);
    }
    return all;
  }

  private static String place(String name, String where) throws IOException {
    if (where.startsWith(LAYOUT)) {
      return LAYOUT + Path.of(where.substring(LAYOUT.length())).toAbsolutePath().normalize();
    }
    if (where.contains("://") || RemoteContext.isRemote(where)) {
      return RemoteContext.url(where);
    }
    Path directory = Path.of(where);
    if (!Files.isDirectory(directory)) {
      throw new CommandFailure(
          1, "failed to get build context " + name + ": " + where + " is no directory");
    }
    return directory.toRealPath().toString();
  }
}
