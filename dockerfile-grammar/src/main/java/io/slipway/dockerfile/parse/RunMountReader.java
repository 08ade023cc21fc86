package io.slipway.dockerfile.parse;

import io.slipway.dockerfile.parse.RunMount.Sharing;
import io.slipway.dockerfile.parse.RunMount.Type;
import io.slipway.dockerfile.word.Quoted;
import io.slipway.dockerfile.word.Suggestion;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Collects the options of one mount, in the order written: some depend on a type before them. */
final class RunMountReader {

  private static final List<String> KEYS =
      List.of(
          "type",
          "from",
          "source",
          "target",
          "readonly",
          "id",
          "sharing",
          "required",
          "size",
          "mode",
          "uid",
          "gid",
          "src",
          "dst",
          "destination",
          "ro",
          "rw",
          "readwrite",
          "env");

  /** Options whose value is never expanded. */
  private static final Set<String> PLAIN = Set.of("from", "type");

  private static final Pattern VARIABLE = Pattern.compile("\\$.", Pattern.DOTALL);

  private static final long MAX_ID = 0xFFFF_FFFFL;

  private final UnaryOperator<String> expander;
  private Type type = Type.BIND;
  private Optional<String> from = Optional.empty();
  private Optional<String> source = Optional.empty();
  private Optional<String> target = Optional.empty();
  private Optional<Boolean> readOnly = Optional.empty();
  private boolean required;
  private Optional<String> id = Optional.empty();
  private Optional<String> env = Optional.empty();
  private Optional<Sharing> sharing = Optional.empty();
  private OptionalLong size = OptionalLong.empty();
  private OptionalInt mode = OptionalInt.empty();
  private OptionalLong uid = OptionalLong.empty();
  private OptionalLong gid = OptionalLong.empty();

  RunMountReader(UnaryOperator<String> expander) {
    this.expander = expander;
  }

  static List<String> fields(String flagValue) {
    try {
      return Csv.fields(flagValue);
    } catch (FlagValueException e) {
      throw new FlagValueException("failed to parse csv mounts: " + e.getMessage());
    }
  }

  static void checkUnexpanded(String field) {
    int equals = field.indexOf('=');
    String key = key(field, equals);
    if (PLAIN.contains(key)
        && equals >= 0
        && VARIABLE.matcher(field.substring(equals + 1)).find()) {
      throw new FlagValueException(
          "'" + key + "' doesn't support variable expansion, define alias stage instead");
    }
  }

  private static String key(String field, int equals) {
    return (equals < 0 ? field : field.substring(0, equals)).toLowerCase(Locale.ROOT);
  }

  void read(String field) {
    checkUnexpanded(field);
    int equals = field.indexOf('=');
    String key = key(field, equals);
    if (equals < 0) {
      readBare(field, key);
      return;
    }
    String written = field.substring(equals + 1);
    readOption(field, key, PLAIN.contains(key) ? written : expander.apply(written));
  }

  private void readBare(String field, String key) {
    switch (key) {
      case "readonly", "ro" -> readOnly = Optional.of(true);
      case "readwrite", "rw" -> readOnly = Optional.of(false);
      case "required" -> {
        requireType(key, Type.SECRET, Type.SSH);
        required = true;
      }
      default ->
          throw new FlagValueException("invalid field '" + field + "' must be a key=value pair");
    }
  }

  private void readOption(String field, String key, String value) {
    switch (key) {
      case "type" -> type = readType(value);
      case "from" -> from = present(value);
      case "source", "src" -> source = present(value);
      case "target", "dst", "destination" -> target = present(value);
      case "readonly", "ro" -> readOnly = Optional.of(truth(key, value));
      case "readwrite", "rw" -> readOnly = Optional.of(!truth(key, value));
      case "required" -> {
        requireType(key, Type.SECRET, Type.SSH);
        required = truth(key, value);
      }
      case "size" -> {
        requireType(key, Type.TMPFS);
        size = ByteSize.parse(value);
        if (size.isEmpty()) {
          throw new FlagValueException("invalid value for size: " + value);
        }
      }
      case "id" -> id = present(value);
      case "sharing" -> sharing = Optional.of(readSharing(value));
      case "mode" -> mode = OptionalInt.of((int) number(key, value, 8));
      case "uid" -> uid = OptionalLong.of(number(key, value, 10));
      case "gid" -> gid = OptionalLong.of(number(key, value, 10));
      case "env" -> {
        requireType(key, Type.SECRET);
        env = present(value);
      }
      default ->
          throw new FlagValueException(
              "unexpected key '" + key + "' in '" + field + "'" + Suggestion.exactCase(key, KEYS));
    }
  }

  private static Optional<String> present(String value) {
    return value.isEmpty() ? Optional.empty() : Optional.of(value);
  }

  private void requireType(String key, Type... types) {
    if (!List.of(types).contains(type)) {
      throw new FlagValueException(
          "unexpected key '" + key + "' for mount type '" + written(type) + "'");
    }
  }

  private static String written(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }

  private static Type readType(String value) {
    return find(Type.values(), value)
        .orElseThrow(() ->
            new FlagValueException("unsupported mount type " + unknown(Type.values(), value)));
  }

  private static Sharing readSharing(String value) {
    return find(Sharing.values(), value)
        .orElseThrow(() ->
            new FlagValueException(
                "unsupported sharing value " + unknown(Sharing.values(), value)));
  }

  private static <E extends Enum<E>> Optional<E> find(E[] words, String value) {
    return Arrays.stream(words).filter(word -> word.name().equalsIgnoreCase(value)).findFirst();
  }

  private static String unknown(Enum<?>[] words, String value) {
    return Quoted.of(value)
        + Suggestion.exactCase(value, Arrays.stream(words).map(RunMountReader::written).toList());
  }

  private static boolean truth(String key, String value) {
    return switch (value) {
      case "1", "t", "T", "TRUE", "true", "True" -> true;
      case "0", "f", "F", "FALSE", "false", "False" -> false;
      default -> throw new FlagValueException("invalid value for " + key + ": " + value);
    };
  }

  private static long number(String key, String value, int radix) {
    try {
      long number = Long.parseLong(value, radix);
      if (number >= 0 && number <= MAX_ID && Character.isDigit(value.charAt(0))) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw badNumber(key, value);
    }
    throw badNumber(key, value);
  }

  private static FlagValueException badNumber(String key, String value) {
    return new FlagValueException("invalid value " + value + " for " + key);
  }

  RunMount finish() {
    if (type != Type.SECRET && type != Type.SSH && type != Type.CACHE) {
      refuse(mode.isPresent(), "mode");
      refuse(uid.isPresent(), "uid");
      refuse(gid.isPresent(), "gid");
    }
    if (type == Type.SECRET) {
      checkSecret();
    }
    if (type == Type.SSH && source.isPresent()) {
      throw new FlagValueException("ssh does not support source");
    }
    if (sharing.isPresent() && type != Type.CACHE) {
      throw new FlagValueException("invalid cache sharing set for " + written(type) + " mount");
    }
    boolean writable = type == Type.CACHE || type == Type.TMPFS;
    return new RunMount(
        type,
        from,
        source,
        target,
        readOnly.orElse(!writable),
        required,
        id,
        env,
        sharing,
        size,
        mode,
        uid,
        gid);
  }

  private void refuse(boolean given, String key) {
    if (given) {
      throw new FlagValueException(
          key + " not allowed for " + Quoted.of(written(type)) + " type mounts");
    }
  }

  private void checkSecret() {
    if (from.isPresent()) {
      throw new FlagValueException("secret mount should not have a from");
    }
    if (sharing.isPresent()) {
      throw new FlagValueException("secret mount should not define sharing");
    }
    if (source.isEmpty() && target.isEmpty() && id.isEmpty()) {
      throw new FlagValueException("invalid secret mount. one of source, target required");
    }
    if (source.isPresent() && id.isPresent()) {
      throw new FlagValueException("both source and id can't be set");
    }
  }
}
