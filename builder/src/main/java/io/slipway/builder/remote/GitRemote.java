package io.slipway.builder.remote;

import io.slipway.image.error.SlipwayException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of a git repository at some commit, as {@code URL#REF:SUBDIRECTORY} or {@code
 * URL?key=value} names it.
 *
 * @param url what git fetches from
 * @param ref branch, tag or commit; empty for the remote's default branch
 * @param subdirectory the part that is wanted; empty for all
 * @param checksum beginning of the commit that the ref must lead to; empty if any will do
 * @param keepGitDirectory whether {@code .git} stays
 * @param submodules whether submodules are checked out too
 * @param commitTimes whether files get the commit's time instead of that of the checkout
 */
public record GitRemote(
    String url,
    String ref,
    String subdirectory,
    String checksum,
    boolean keepGitDirectory,
    boolean submodules,
    boolean commitTimes) {

  private static final Pattern SCP = Pattern.compile("[A-Za-z0-9_.-]+@[^/:\\s]+:[^\\s]+");
  private static final Pattern PROTOCOL = Pattern.compile("(?:git|ssh)://\\S+");
  private static final Pattern HTTP = Pattern.compile("https?://\\S+");
  private static final Pattern ORIGIN = Pattern.compile("(https?://)(?:[^/@]*@)?([^/]+)");
  private static final Pattern PARTS =
      Pattern.compile("([^?#]*)(?:\\?([^#]*))?(?:#(.*))?", Pattern.DOTALL);
  private static final Pattern CHECKSUM = Pattern.compile("[0-9a-f]{7,64}");
  private static final List<String> REFS = List.of("ref", "branch", "tag", "commit");

  /** A commit is always asked for by its id first, so {@code fetch-by-commit} changes nothing. */
  private static final List<String> OPTIONS =
      List.of("subdir", "checksum", "keep-git-dir", "submodules", "mtime", "fetch-by-commit");

  public GitRemote {
    Objects.requireNonNull(url, "url");
    Objects.requireNonNull(ref, "ref");
    Objects.requireNonNull(subdirectory, "subdirectory");
    Objects.requireNonNull(checksum, "checksum");
    if (url.startsWith("-") || ref.startsWith("-")) {
      throw SlipwayException.invalid("invalid git reference \"" + url + "#" + ref + "\"");
    }
    if (!checksum.isEmpty() && !CHECKSUM.matcher(checksum).matches()) {
      throw SlipwayException.invalid(
          "invalid checksum \"" + checksum + "\": expected a commit, at least 7 hex digits of it");
    }
  }

  /** Whether a source is a git repository rather than a file. */
  public static boolean isGit(String source) {
    Matcher parts = PARTS.matcher(source);
    String url = parts.matches() ? parts.group(1) : source;
    return SCP.matcher(source).matches()
        || PROTOCOL.matcher(source).matches()
        || HTTP.matcher(source).matches() && url.endsWith(".git");
  }

  /**
   * Reads a source that {@link #isGit} holds for one, or that is known to be a repository.
   *
   * @throws SlipwayException INVALID for options that are unknown or contradict each other
   */
  public static GitRemote parse(String source) {
    Matcher parts = PARTS.matcher(source);
    if (!parts.matches()) {
      throw SlipwayException.invalid("invalid git reference \"" + source + "\"");
    }
    String fragment = parts.group(3) == null ? "" : parts.group(3);
    int colon = fragment.indexOf(':');
    String ref = colon < 0 ? fragment : fragment.substring(0, colon);
    String directory = colon < 0 ? "" : fragment.substring(colon + 1);
    Map<String, String> options = options(source, parts.group(2));
    String named = ref;
    for (String key : REFS) {
      String value = options.remove(key);
      if (value != null) {
        if (!named.isEmpty() && !named.equals(value)) {
          throw SlipwayException.invalid(
              "ref conflicts: \"" + named + "\" and \"" + value + "\" in " + source);
        }
        named = value;
      }
    }
    String subdirectory = options.getOrDefault("subdir", directory);
    if (!directory.isEmpty() && !subdirectory.equals(directory)) {
      throw SlipwayException.invalid("subdir conflicts in " + source);
    }
    truth(source, options, "fetch-by-commit", false);
    return new GitRemote(
        parts.group(1),
        named,
        clean(subdirectory),
        options.getOrDefault("checksum", ""),
        truth(source, options, "keep-git-dir", false),
        truth(source, options, "submodules", true),
        options.getOrDefault("mtime", "").equals("commit"));
  }

  private static Map<String, String> options(String source, String query) {
    Map<String, String> options = new LinkedHashMap<>();
    if (query == null || query.isEmpty()) {
      return options;
    }
    for (String pair : query.split("&")) {
      int equals = pair.indexOf('=');
      String key = equals < 0 ? pair : pair.substring(0, equals);
      String value =
          equals < 0 ? "" : URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8);
      boolean known = REFS.contains(key) || OPTIONS.contains(key);
      if (!known) {
        throw SlipwayException.invalid("unexpected query \"" + key + "\" in git URL " + source);
      }
      options.put(key, value);
    }
    return options;
  }

  private static boolean truth(
      String source, Map<String, String> options, String key, boolean absent) {
    String value = options.get(key);
    if (value == null) {
      return absent;
    }
    return switch (value) {
      case "", "1", "true" -> true;
      case "0", "false" -> false;
      default ->
          throw SlipwayException.invalid(
              "invalid value \"" + value + "\" for " + key + " in git URL " + source);
    };
  }

  /** Without leading slash, dots and names that lead out. */
  private static String clean(String path) {
    var names = new java.util.ArrayDeque<String>();
    for (String name : path.split("/")) {
      if (name.equals("..")) {
        names.pollLast();
      } else if (!name.isEmpty() && !name.equals(".")) {
        names.addLast(name);
      }
    }
    return String.join("/", names);
  }

  /** The host that is asked; empty if the URL shows none. */
  public String host() {
    Matcher host = Pattern.compile("(?:[a-z]+://)?(?:[^@/]*@)?([^:/]+).*").matcher(url);
    return host.matches() ? host.group(1) : "";
  }

  /** {@code https://host:port/} of a URL of HTTP; empty for others. */
  Optional<String> origin() {
    Matcher origin = ORIGIN.matcher(url);
    return origin.lookingAt()
        ? Optional.of(origin.group(1) + origin.group(2) + "/")
        : Optional.empty();
  }

  public GitRemote withKeptGitDirectory() {
    return new GitRemote(url, ref, subdirectory, checksum, true, submodules, commitTimes);
  }

  public GitRemote withChecksum(String value) {
    return new GitRemote(url, ref, subdirectory, value, keepGitDirectory, submodules, commitTimes);
  }
}
