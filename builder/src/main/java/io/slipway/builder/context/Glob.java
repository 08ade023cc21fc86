package io.slipway.builder.context;

import io.slipway.image.error.SlipwayException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One pattern, as moby's patternmatcher reads it: {@code *} and {@code ?} stop at a slash, {@code
 * [a-z]} and {@code [^a]} are one character, {@code \} takes the next character as it is, {@code
 * **} (in patterns of whole paths) is any number of names. Matching takes time in proportion to
 * pattern times text, whatever either holds: the states of the pattern are followed together
 * instead of tried one after the other.
 */
final class Glob {
  private enum Kind {
    LITERAL,
    ANY,
    CLASS,
    /** Any characters of one name. */
    STAR,
    /** Any characters. */
    REST,
    /** Nothing, or what the loop that follows takes: anything that ends with a slash. */
    DEEP,
    DEEP_LOOP
  }

  private record Token(Kind kind, int character, CharacterClass characters) {
    static Token of(Kind kind) {
      return new Token(kind, 0, null);
    }

    boolean takes(int c) {
      return switch (kind) {
        case LITERAL -> c == character;
        case ANY, STAR -> c != '/';
        case CLASS -> characters.holds(c);
        case REST, DEEP_LOOP -> true;
        case DEEP -> false;
      };
    }
  }

  /** What is most often between the literal ends of a pattern, and needs no states. */
  private enum Middle {
    NOTHING,
    ONE_NAME,
    ANYTHING,
    OTHER
  }

  private final String prefix;
  private final String suffix;

  /** Everything after the prefix, the suffix included. */
  private final Token[] tokens;

  private final int middleTokens;
  private final Middle middle;

  private Glob(List<Token> all) {
    int first = 0;
    while (first < all.size() && all.get(first).kind() == Kind.LITERAL) {
      first++;
    }
    int last = all.size();
    while (last > first && all.get(last - 1).kind() == Kind.LITERAL) {
      last--;
    }
    prefix = literals(all.subList(0, first));
    suffix = literals(all.subList(last, all.size()));
    tokens = all.subList(first, all.size()).toArray(Token[]::new);
    middleTokens = last - first;
    middle = middle(all.subList(first, last).stream().map(Token::kind).toList());
  }

  /** A pattern of whole paths, which knows {@code **}. */
  static Glob ofPath(String pattern) {
    return new Glob(new Reader(pattern, true).read());
  }

  /** A pattern of one name, where {@code **} is no more than {@code *}. */
  static Glob ofName(String pattern) {
    return new Glob(new Reader(pattern, false).read());
  }

  /** Matches exactly this text. */
  static Glob ofLiteral(String text) {
    return new Glob(text.codePoints().mapToObj(c -> new Token(Kind.LITERAL, c, null)).toList());
  }

  boolean matches(String text) {
    int to = text.length() - suffix.length();
    if (to < prefix.length() || !text.startsWith(prefix) || !text.endsWith(suffix)) {
      return false;
    }
    return switch (middle) {
      case NOTHING -> to == prefix.length();
      case ONE_NAME -> {
        int slash = text.indexOf('/', prefix.length());
        yield slash < 0 || slash >= to;
      }
      case ANYTHING -> true;
      case OTHER -> {
        boolean[] states = states(text, prefix.length(), to, middleTokens);
        yield states.length > 0 && states[middleTokens];
      }
    };
  }

  /** Whether a text that begins so may match. */
  boolean mayMatchFrom(String beginning) {
    if (beginning.length() <= prefix.length()) {
      return prefix.startsWith(beginning);
    }
    return beginning.startsWith(prefix)
        && states(beginning, prefix.length(), beginning.length(), tokens.length).length > 0;
  }

  /** The places in the pattern where the text may have led to; empty if there is none. */
  private boolean[] states(String text, int from, int to, int count) {
    boolean[] now = new boolean[count + 1];
    boolean[] next = new boolean[count + 1];
    now[0] = true;
    skipOptional(now);
    for (int i = from; i < to; ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (!step(now, next, c)) {
        return new boolean[0];
      }
      skipOptional(next);
      boolean[] swap = now;
      now = next;
      next = swap;
    }
    return now;
  }

  private boolean step(boolean[] now, boolean[] next, int c) {
    Arrays.fill(next, false);
    boolean alive = false;
    for (int i = 0; i < now.length - 1; i++) {
      if (!now[i] || !tokens[i].takes(c)) {
        continue;
      }
      alive = true;
      switch (tokens[i].kind()) {
        case STAR, REST -> next[i] = true;
        case DEEP_LOOP -> {
          next[i] = true;
          next[i + 1] |= c == '/';
        }
        default -> next[i + 1] = true;
      }
    }
    return alive;
  }

  private void skipOptional(boolean[] states) {
    for (int i = 0; i < states.length - 1; i++) {
      if (!states[i]) {
        continue;
      }
      switch (tokens[i].kind()) {
        case STAR, REST -> states[i + 1] = true;
        case DEEP -> {
          states[i + 1] = true;
          states[i + 2] = true;
        }
        default -> {}
      }
    }
  }

  private static String literals(List<Token> tokens) {
    StringBuilder text = new StringBuilder();
    tokens.forEach(token -> text.appendCodePoint(token.character()));
    return text.toString();
  }

  private static Middle middle(List<Kind> kinds) {
    if (kinds.isEmpty()) {
      return Middle.NOTHING;
    }
    if (kinds.equals(List.of(Kind.STAR))) {
      return Middle.ONE_NAME;
    }
    boolean anything =
        kinds.equals(List.of(Kind.REST))
            || kinds.equals(List.of(Kind.DEEP, Kind.DEEP_LOOP, Kind.STAR));
    return anything ? Middle.ANYTHING : Middle.OTHER;
  }

  /** Turns a pattern into tokens. Malformed is what Go's filepath.Match refuses. */
  private static final class Reader {
    private final String pattern;
    private final boolean deep;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    Reader(String pattern, boolean deep) {
      this.pattern = pattern;
      this.deep = deep;
    }

    List<Token> read() {
      while (at < pattern.length()) {
        int c = next();
        switch (c) {
          case '*' -> star();
          case '?' -> tokens.add(Token.of(Kind.ANY));
          case '[' -> tokens.add(new Token(Kind.CLASS, 0, characterClass()));
          case '\\' -> tokens.add(new Token(Kind.LITERAL, escaped(), null));
          default -> tokens.add(new Token(Kind.LITERAL, c, null));
        }
      }
      if (tokens.size() > 2 && tokens.getFirst().kind() == Kind.DEEP && pattern.charAt(2) != '/') {
        literalEnd();
      }
      return tokens;
    }

    /**
     * {@code **.log}: without another special character, the end of the path is all that counts.
     */
    private void literalEnd() {
      boolean plain =
          pattern.indexOf('\\') < 0
              && tokens.stream().skip(2).allMatch(token -> token.kind() == Kind.LITERAL);
      if (plain) {
        tokens.removeFirst();
        tokens.set(0, Token.of(Kind.REST));
      }
    }

    private void star() {
      if (!deep || !peek('*')) {
        while (!deep && peek('*')) {
          at++;
        }
        tokens.add(Token.of(Kind.STAR));
        return;
      }
      at++;
      if (peek('/')) {
        at++;
      }
      if (at == pattern.length()) {
        tokens.add(Token.of(Kind.REST));
      } else {
        tokens.add(Token.of(Kind.DEEP));
        tokens.add(Token.of(Kind.DEEP_LOOP));
      }
    }

    private CharacterClass characterClass() {
      boolean negated = peek('^');
      if (negated) {
        at++;
      }
      List<CharacterClass.Range> ranges = new ArrayList<>();
      while (ranges.isEmpty() || !peek(']')) {
        int low = member();
        int high = low;
        if (peek('-')) {
          at++;
          high = member();
        }
        if (low > high) {
          throw malformed();
        }
        ranges.add(new CharacterClass.Range(low, high));
      }
      at++;
      return new CharacterClass(negated, ranges);
    }

    private int member() {
      if (at == pattern.length() || peek('-') || peek(']')) {
        throw malformed();
      }
      int c = next();
      int member = c == '\\' ? escaped() : c;
      if (at == pattern.length()) {
        throw malformed();
      }
      return member;
    }

    private int escaped() {
      if (at == pattern.length()) {
        throw malformed();
      }
      return next();
    }

    private int next() {
      int c = pattern.codePointAt(at);
      at += Character.charCount(c);
      return c;
    }

    private boolean peek(char c) {
      return at < pattern.length() && pattern.charAt(at) == c;
    }

    private SlipwayException malformed() {
      return SlipwayException.invalid("syntax error in pattern: \"" + pattern + "\"");
    }
  }
}
