package io.slipway.builder.graph;

import io.slipway.image.error.SlipwayException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code --chmod} asks for: an octal mode for everything, or symbolic clauses such as {@code
 * u=rwX,go=rX} applied to each entry's own mode.
 */
public final class ModeChange {
  private static final Pattern OCTAL = Pattern.compile("[0-7]{1,5}");
  private static final Pattern CLAUSE = Pattern.compile("([ugoa]*)((?:[-+=](?:[rwxXst]*|[ugo]))+)");
  private static final Pattern ACTION = Pattern.compile("([-+=])([ugo]|[rwxXst]*)");
  private static final Set<String> CLASSES = Set.of("u", "g", "o");
  private static final int ALL_BITS = 07777;
  private static final int ANY_EXECUTE = 0111;

  private final String text;
  private final OptionalInt octal;
  private final List<Clause> clauses;

  private record Clause(String who, char operator, String permissions) {}

  private ModeChange(String text, OptionalInt octal, List<Clause> clauses) {
    this.text = text;
    this.octal = octal;
    this.clauses = List.copyOf(clauses);
  }

  /** Reads the flag's value; INVALID with the sentence {@code docker build} uses. */
  public static ModeChange parse(String text) {
    if (!text.isEmpty() && Character.isDigit(text.charAt(0))) {
      if (OCTAL.matcher(text).matches() && Integer.parseInt(text, 8) <= ALL_BITS) {
        return new ModeChange(text, OptionalInt.of(Integer.parseInt(text, 8)), List.of());
      }
      throw SlipwayException.invalid(
          "invalid chmod parameter: '"
              + text
              + "'. it should be octal string and between 0 and 07777");
    }
    var clauses = new ArrayList<Clause>();
    for (String part : text.split(",", -1)) {
      Matcher clause = CLAUSE.matcher(part);
      if (!clause.matches()) {
        throw SlipwayException.invalid("invalid chmod parameter: '" + text + "': invalid syntax");
      }
      Matcher action = ACTION.matcher(clause.group(2));
      while (action.find()) {
        clauses.add(new Clause(clause.group(1), action.group(1).charAt(0), action.group(2)));
      }
    }
    return new ModeChange(text, OptionalInt.empty(), clauses);
  }

  /** As written. */
  public String text() {
    return text;
  }

  /** The mode that everything gets, parents that are made for it included; empty if symbolic. */
  public OptionalInt octal() {
    return octal;
  }

  /** The permission bits (0 to 07777) of an entry that had {@code mode}. */
  public int apply(int mode, boolean directory) {
    if (octal.isPresent()) {
      return octal.getAsInt();
    }
    int result = mode & ALL_BITS;
    for (Clause clause : clauses) {
      result = apply(clause, result, directory);
    }
    return result;
  }

  private static int apply(Clause clause, int mode, boolean directory) {
    boolean all = clause.who().isEmpty() || clause.who().contains("a");
    String who = all ? "ugo" : clause.who();
    boolean copies = CLASSES.contains(clause.permissions());
    int bits = 0;
    int affected = 0;
    for (int i = 0; i < who.length(); i++) {
      int shift = shift(who.charAt(i));
      affected |= 7 << shift;
      bits |= permissions(clause.permissions(), mode, directory) << shift;
      bits |= special(clause.permissions(), who.charAt(i));
    }
    // copying another class leaves the set-id bits; the sticky bit is everybody's
    affected |= who.contains("u") && !copies ? 04000 : 0;
    affected |= who.contains("g") && !copies ? 02000 : 0;
    bits |= all && clause.permissions().contains("t") ? 01000 : 0;
    return switch (clause.operator()) {
      case '+' -> mode | bits;
      case '-' -> mode & ~bits;
      default -> (mode & ~affected) | bits;
    };
  }

  private static int shift(char who) {
    return switch (who) {
      case 'u' -> 6;
      case 'g' -> 3;
      default -> 0;
    };
  }

  /** The three bits a clause names, from letters or from another class of the same mode. */
  private static int permissions(String letters, int mode, boolean directory) {
    if (CLASSES.contains(letters)) {
      return (mode >> shift(letters.charAt(0))) & 7;
    }
    int bits = 0;
    bits |= letters.contains("r") ? 4 : 0;
    bits |= letters.contains("w") ? 2 : 0;
    bits |= letters.contains("x") ? 1 : 0;
    bits |= letters.contains("X") && (directory || (mode & ANY_EXECUTE) != 0) ? 1 : 0;
    return bits;
  }

  private static int special(String letters, char who) {
    if (!letters.contains("s")) {
      return 0;
    }
    return switch (who) {
      case 'u' -> 04000;
      case 'g' -> 02000;
      default -> 0;
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ModeChange change && change.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
