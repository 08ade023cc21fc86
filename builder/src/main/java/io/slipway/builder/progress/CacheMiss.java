package io.slipway.builder.progress;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Why a step has to be carried out: what is not as it was when the same step of the same Dockerfile
 * was last of use.
 *
 * @param changes the telling ones first; empty unless the reason is {@link Reason#CHANGED}
 * @param untold changes of files beyond those listed
 */
public record CacheMiss(Reason reason, List<Change> changes, int untold) {

  /** What kind of miss it is. */
  public enum Reason {
    /** There never was such a step here. */
    NEW("first build of this step"),
    /** Part of its key is another. */
    CHANGED("changed"),
    /** The caller did not want the cache to be used. */
    IGNORED("the cache is not to be used for it"),
    /** Nothing changed, but the result was removed. */
    LOST("its result was removed from the cache");

    private final String text;

    Reason(String text) {
      this.text = text;
    }
  }

  /** Which part of a key. Those that say most come first. */
  public enum Kind {
    INSTRUCTION("instruction"),
    FLAG("flag"),
    ARG("ARG"),
    ENV("ENV"),
    SETTING("setting"),
    BASE("base image"),
    FILE("file"),
    PARENT("step before it");

    private final String word;

    Kind(String word) {
      this.word = word;
    }
  }

  /**
   * One part that is not as it was.
   *
   * @param subject which variable, file, flag, step; empty for the instruction
   * @param how of a file: added, removed, content, mode, owner, type, attributes; else empty
   * @param before empty if it was not there, or if the value says nothing to people
   */
  public record Change(
      Kind kind, String subject, String how, Optional<String> before, Optional<String> after) {
    public Change {
      Objects.requireNonNull(kind, "kind");
      Objects.requireNonNull(subject, "subject");
      Objects.requireNonNull(how, "how");
      Objects.requireNonNull(before, "before");
      Objects.requireNonNull(after, "after");
    }

    /** One line. */
    public String text() {
      String what = subject.isEmpty() ? kind.word : kind.word + " " + subject;
      if (kind == Kind.PARENT) {
        return what + " was carried out again";
      }
      String aspect = how.isEmpty() ? "" : " " + how;
      boolean is = how.equals("added") || how.equals("removed");
      if (before.isPresent() && after.isPresent()) {
        return what + aspect + " changed from " + quote(before) + " to " + quote(after);
      }
      if (after.isPresent()) {
        return what + " added: " + quote(after);
      }
      if (before.isPresent()) {
        return what + " removed, was " + quote(before);
      }
      return what + aspect + (is ? "" : " changed");
    }

    private static String quote(Optional<String> value) {
      return "\"" + value.orElse("").replace("\n", "\\n") + "\"";
    }
  }

  private static final int LINE = 160;

  public CacheMiss {
    Objects.requireNonNull(reason, "reason");
    changes = changes.stream().sorted(Comparator.comparing(Change::kind)).toList();
  }

  public static CacheMiss of(Reason reason) {
    return new CacheMiss(reason, List.of(), 0);
  }

  /** The telling change, in one line of bounded length. */
  public String line() {
    if (changes.isEmpty()) {
      return reason.text;
    }
    String first = changes.getFirst().text();
    String cut = first.length() > LINE ? first.substring(0, LINE) + "…" : first;
    int more = changes.size() - 1 + untold;
    return more == 0 ? cut : cut + " (and " + more + " more)";
  }

  /** Every change, a line each. */
  public List<String> lines() {
    if (changes.isEmpty()) {
      return List.of(reason.text);
    }
    var lines = new java.util.ArrayList<>(changes.stream().map(Change::text).toList());
    if (untold > 0) {
      lines.add("and " + untold + " more files");
    }
    return lines;
  }
}
