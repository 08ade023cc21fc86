package io.slipway.registry.auth;

import io.slipway.image.content.AtomicFile;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/** The users of an htpasswd file and their bcrypt hashes, as read once. */
public final class HtpasswdFile {
  private static final Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$\\d\\d\\$[./A-Za-z0-9]{53}");
  private static final Pattern USER = Pattern.compile("[^:\\s\\p{Cntrl}#][^:\\p{Cntrl}]{0,254}");
  private static final int COST = 10;
  private static final int SALT_BYTES = 16;

  /** What bcrypt takes notice of. */
  private static final int MAX_PASSWORD_BYTES = 72;

  private final Map<String, String> hashes;

  private HtpasswdFile(Map<String, String> hashes) {
    this.hashes = Map.copyOf(hashes);
  }

  /** Empty lines and lines that start with # are skipped; any hash but bcrypt is refused. */
  public static HtpasswdFile read(Path file) {
    List<String> lines = lines(file);
    Map<String, String> hashes = new TreeMap<>();
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

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorKind.INVALID,
          "cannot read password file " + file + ": " + e.getClass().getSimpleName(),
          e);
    }
  }

  Optional<String> hash(String user) {
    return Optional.ofNullable(hashes.get(user));
  }

  /** In alphabetic order. */
  public List<String> users() {
    return List.copyOf(new TreeSet<>(hashes.keySet()));
  }

  /**
   * Adds a user or gives it another password; other lines stay as they are. The file is made when
   * missing, readable by its owner only.
   *
   * @return whether the user is new
   */
  public static boolean put(Path file, String user, String password) {
    if (!USER.matcher(user).matches()) {
      throw SlipwayException.invalid("invalid user name \"" + user + "\"");
    }
    int length = password.getBytes(StandardCharsets.UTF_8).length;
    if (length == 0 || length > MAX_PASSWORD_BYTES || password.indexOf('\0') >= 0) {
      throw SlipwayException.invalid(
          "a password must have 1 to 72 bytes, which is what bcrypt takes notice of");
    }
    boolean present = Files.exists(file);
    List<String> lines = new ArrayList<>(present ? lines(file) : List.of());
    if (present) {
      read(file);
    }
    byte[] salt = new byte[SALT_BYTES];
    new SecureRandom().nextBytes(salt);
    String line = user + ":" + OpenBSDBCrypt.generate("2y", password.toCharArray(), salt, COST);
    boolean replaced = lines.removeIf(l -> l.strip().startsWith(user + ":"));
    lines.add(line);
    write(file, lines, present);
    return !replaced;
  }

  /** Takes a user out; false when there is no such user. */
  public static boolean remove(Path file, String user) {
    List<String> lines = new ArrayList<>(lines(file));
    boolean found = lines.removeIf(l -> l.strip().startsWith(user + ":"));
    if (found) {
      write(file, lines, true);
    }
    return found;
  }

  private static void write(Path file, List<String> lines, boolean present) {
    Bytes content = Bytes.utf8((String.join("\n", lines) + "\n"));
    try {
      Path target = present ? file.toRealPath() : file.toAbsolutePath();
      AtomicFile.createDirectories(target.getParent());
      AtomicFile.write(
          target, content, present ? Files.getPosixFilePermissions(target) : AtomicFile.OWNER_ONLY);
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorKind.INTERNAL, "cannot write password file " + file + ": " + e.getMessage(), e);
    }
  }
}
