package io.slipway.registry.auth;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The users of an htpasswd file and their bcrypt hashes, as read once. */
final class HtpasswdFile {
  private static final Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$\\d\\d\\$[./A-Za-z0-9]{53}");

  private final Map<String, String> hashes;

  private HtpasswdFile(Map<String, String> hashes) {
    this.hashes = Map.copyOf(hashes);
  }

  /** Empty lines and lines that start with # are skipped; any hash but bcrypt is refused. */
  static HtpasswdFile read(Path file) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorKind.INVALID,
          "cannot read password file " + file + ": " + e.getClass().getSimpleName(),
          e);
    }
    Map<String, String> hashes = new HashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      int colon = line.indexOf(':');
      if (colon <= 0 || !BCRYPT.matcher(line.substring(colon + 1)).matches()) {
        throw SlipwayException.invalid(
            "password file %s line %d: want user:hash with a bcrypt hash, as htpasswd -B makes it"
                .formatted(file, i + 1));
      }
      hashes.put(line.substring(0, colon), line.substring(colon + 1));
    }
    return new HtpasswdFile(hashes);
  }

  Optional<String> hash(String user) {
    return Optional.ofNullable(hashes.get(user));
  }
}
