package io.slipway.engine.container;

import io.slipway.engine.model.HostConfig;
import io.slipway.engine.state.ContainerRecord;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * {@code --log-driver} and {@code --log-opt}, understood.
 *
 * @param maxBytes after which a file is rotated; {@link Long#MAX_VALUE} for never
 * @param maxFiles the current one included
 */
record LogOptions(Driver driver, long maxBytes, int maxFiles, boolean compress) {
  /** Where lines go. */
  enum Driver {
    JSON_FILE("json-file"),
    LOCAL("local"),
    NONE("none");

    private final String label;

    Driver(String label) {
      this.label = label;
    }
  }

  private static final long LOCAL_BYTES = 20_000_000;
  private static final int LOCAL_FILES = 5;

  private static final Set<String> ELSEWHERE =
      Set.of(
          "awslogs",
          "etwlogs",
          "fluentd",
          "gcplogs",
          "gelf",
          "journald",
          "logentries",
          "splunk",
          "syslog");

  private static final Set<String> ANY_DRIVER = Set.of("mode", "max-buffer-size");
  private static final Set<String> FILE_OPTIONS = Set.of("max-size", "max-file", "compress");
  private static final Set<String> DETAILS =
      Set.of("labels", "labels-regex", "env", "env-regex", "tag");

  private static final Pattern SIZE =
      Pattern.compile("(\\d+(?:\\.\\d+)?) ?([kKmMgGtTpP])?[iI]?[bB]?");
  private static final Pattern TAG = Pattern.compile("\\{\\{\\s*\\.(\\w+)\\s*}}");

  /** Refuses what it does not know, by name. */
  static LogOptions of(HostConfig.LogConfig config) {
    Driver driver = driver(config.type());
    Map<String, String> options = config.config();
    options.keySet().forEach(name -> checkName(driver, name));
    checkMode(options);
    checkPattern(options, "labels-regex");
    checkPattern(options, "env-regex");
    tag(options, Map.of());
    boolean local = driver == Driver.LOCAL;
    boolean limited = local || options.containsKey("max-size");
    long maxBytes =
        options.containsKey("max-size")
            ? bytes("max-size", options.get("max-size"))
            : local ? LOCAL_BYTES : Long.MAX_VALUE;
    int maxFiles = maxFiles(options, local ? LOCAL_FILES : 1);
    boolean compress = compress(options, local && maxFiles > 1);
    if (compress && (maxFiles < 2 || !limited)) {
      throw SlipwayException.invalid(
          "compress cannot be true when max-file is less than 2 or max-size is not set");
    }
    return new LogOptions(driver, maxBytes, maxFiles, compress);
  }

  private static Driver driver(String name) {
    for (Driver driver : Driver.values()) {
      if (driver.label.equals(name)) {
        return driver;
      }
    }
    if (ELSEWHERE.contains(name)) {
      throw new SlipwayException(
          ErrorKind.UNSUPPORTED,
          "log driver '"
              + name
              + "' is not supported by this engine: use json-file, local or none");
    }
    throw SlipwayException.invalid("logger: no log driver named '" + name + "' is registered");
  }

  private static void checkName(Driver driver, String name) {
    boolean known =
        ANY_DRIVER.contains(name)
            || driver != Driver.NONE && FILE_OPTIONS.contains(name)
            || driver == Driver.JSON_FILE && DETAILS.contains(name);
    if (!known) {
      throw SlipwayException.invalid(
          "unknown log opt '" + name + "' for " + driver.label + " log driver");
    }
  }

  /** Writing to a file waits for no peer, so both modes are met alike. */
  private static void checkMode(Map<String, String> options) {
    String mode = options.getOrDefault("mode", "blocking");
    if (!mode.equals("blocking") && !mode.equals("non-blocking")) {
      throw SlipwayException.invalid("logger: logging mode not supported: " + mode);
    }
    if (options.containsKey("max-buffer-size")) {
      if (!mode.equals("non-blocking")) {
        throw SlipwayException.invalid(
            "logger: max-buffer-size option is only supported with 'mode=non-blocking'");
      }
      bytes("max-buffer-size", options.get("max-buffer-size"));
    }
  }

  private static void checkPattern(Map<String, String> options, String name) {
    try {
      Pattern.compile(options.getOrDefault(name, ""));
    } catch (PatternSyntaxException e) {
      throw SlipwayException.invalid("invalid log opt " + name + ": " + e.getDescription());
    }
  }

  private static long bytes(String name, String text) {
    Matcher size = SIZE.matcher(text.strip());
    if (!size.matches()) {
      throw SlipwayException.invalid(
          "invalid value for log opt " + name + ": '" + text + "', use for example 10m");
    }
    int power = size.group(2) == null ? 0 : "kmgtp".indexOf(size.group(2).toLowerCase()) + 1;
    BigDecimal bytes = new BigDecimal(size.group(1)).multiply(BigDecimal.valueOf(1000).pow(power));
    if (bytes.compareTo(BigDecimal.ONE) < 0) {
      throw SlipwayException.invalid(name + " must be a positive number");
    }
    return bytes.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue();
  }

  private static int maxFiles(Map<String, String> options, int otherwise) {
    String text = options.get("max-file");
    if (text == null) {
      return otherwise;
    }
    if (!text.matches("-?\\d{1,9}")) {
      throw SlipwayException.invalid("invalid value for log opt max-file: '" + text + "'");
    }
    int files = Integer.parseInt(text);
    if (files < 1) {
      throw SlipwayException.invalid("max-file cannot be less than 1");
    }
    return files;
  }

  private static boolean compress(Map<String, String> options, boolean otherwise) {
    String text = options.get("compress");
    if (text == null) {
      return otherwise;
    }
    return switch (text) {
      case "1", "t", "T", "TRUE", "true", "True" -> true;
      case "0", "f", "F", "FALSE", "false", "False" -> false;
      default ->
          throw SlipwayException.invalid("invalid value for log opt compress: '" + text + "'");
    };
  }

  /** What is written beside each line, for {@code docker logs --details}. */
  static SortedMap<String, String> details(ContainerRecord record) {
    Map<String, String> options = record.hostConfig().logConfig().config();
    SortedMap<String, String> details = new TreeMap<>();
    Map<String, String> env = new TreeMap<>();
    for (String variable : record.config().env()) {
      int equals = variable.indexOf('=');
      if (equals > 0) {
        env.put(variable.substring(0, equals), variable.substring(equals + 1));
      }
    }
    add(details, record.config().labels(), options.get("labels"), options.get("labels-regex"));
    add(details, env, options.get("env"), options.get("env-regex"));
    String tag = tag(options, names(record));
    if (!tag.isEmpty()) {
      details.put("tag", tag);
    }
    return details;
  }

  private static void add(
      Map<String, String> details, Map<String, String> values, String names, String pattern) {
    List<String> wanted = names == null ? List.of() : Arrays.asList(names.split(","));
    Pattern matching = pattern == null ? null : Pattern.compile(pattern);
    values.forEach((name, value) -> {
      if (wanted.contains(name) || matching != null && matching.matcher(name).find()) {
        details.put(name, value);
      }
    });
  }

  private static Map<String, String> names(ContainerRecord record) {
    String image = record.imageId();
    String imageHex = image.substring(image.indexOf(':') + 1);
    return Map.of(
        "ID", ContainerRecord.shortId(record.id()),
        "FullID", record.id(),
        "Name", record.name(),
        "ImageID", ContainerRecord.shortId(imageHex),
        "ImageFullID", image,
        "ImageName", record.config().image(),
        "DaemonName", "docker");
  }

  /**
   * The tag with its {@code {{.Name}}} replaced.
   *
   * @param values empty to check the names alone
   */
  private static String tag(Map<String, String> options, Map<String, String> values) {
    String text = options.getOrDefault("tag", "");
    Set<String> known =
        Set.of("ID", "FullID", "Name", "ImageID", "ImageFullID", "ImageName", "DaemonName");
    Matcher fields = TAG.matcher(text);
    String plain = fields.replaceAll("");
    if (plain.contains("{{") || plain.contains("}}")) {
      throw SlipwayException.invalid(
          "log opt tag: only fields such as {{.Name}} and {{.ID}} can be used: " + text);
    }
    return fields
        .reset()
        .replaceAll(field -> {
          if (!known.contains(field.group(1))) {
            throw SlipwayException.invalid("log opt tag: unknown field " + field.group());
          }
          return Matcher.quoteReplacement(values.getOrDefault(field.group(1), ""));
        });
  }
}
