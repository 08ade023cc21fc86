package io.slipway.dockerfile.word;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads one word once, from left to right; see {@link WordExpander} for the language. */
final class WordReader {

  /**
   * What is kept and what is done.
   *
   * @param escape the escape character
   * @param keepQuotes quotes stay in the result
   * @param keepEscapes escape characters stay in the result
   * @param quotesArePlain quotes are characters like any other
   * @param keepUnset references to unset variables stay as written
   * @param heredocBlanks blanks after {@code <<} belong to the word that follows
   */
  record Options(
      char escape,
      boolean keepQuotes,
      boolean keepEscapes,
      boolean quotesArePlain,
      boolean keepUnset,
      boolean heredocBlanks) {}

  /** Deeper than any sensible {@code ${a:-${b:-...}}}, shallower than the stack. */
  private static final int MAX_DEPTH = 200;

  private static final int END = -1;

  private final String source;
  private final Options options;
  private final Env env;
  private final Set<String> used = new LinkedHashSet<>();
  private final Set<String> undefined = new LinkedHashSet<>();
  private final WordCollector words = new WordCollector();
  private int position;
  private int depth;
  private boolean keepEscapes;
  private boolean quoteSeen;

  WordReader(String source, Options options, Env env) {
    this.source = source;
    this.options = options;
    this.env = env;
    this.keepEscapes = options.keepEscapes();
  }

  /**
   * The whole word.
   *
   * @throws ExpansionException naming the word
   */
  Expansion read() {
    try {
      String text = readText(END, words);
      return new Expansion(text, words.finish(), used, undefined);
    } catch (ExpansionException e) {
      throw new ExpansionException(
          "failed to process " + Quoted.of(source) + ": " + e.getMessage());
    }
  }

  /** Whether any quotes were undone (or kept, by option); meant for after {@link #read()}. */
  boolean quoteSeen() {
    return quoteSeen;
  }

  private int peek() {
    return position < source.length() ? source.codePointAt(position) : END;
  }

  private int next() {
    int codePoint = peek();
    if (codePoint != END) {
      position += Character.charCount(codePoint);
    }
    return codePoint;
  }

  private static String text(int codePoint) {
    return codePoint == END ? "\uFFFD" : Character.toString(codePoint);
  }

  /** Up to and without {@code stop}, which is consumed. */
  private String readText(int stop, WordCollector collector) {
    var result = new BoundedText();
    while (peek() != END) {
      int codePoint = peek();
      if (codePoint == stop) {
        next();
        return result.toString();
      }
      if (codePoint == '$') {
        String value = readDollar();
        result.append(value);
        collector.addSplitting(value);
      } else if (!options.quotesArePlain() && (codePoint == '\'' || codePoint == '"')) {
        quoteSeen = true;
        String value = codePoint == '"' ? readDoubleQuoted() : readSingleQuoted();
        result.append(value);
        collector.addProtected(value);
      } else if (atEscape()) {
        readEscape(result, collector);
      } else if (options.heredocBlanks() && source.startsWith("<<", position)) {
        String operator = readHeredocOperator();
        result.append(operator);
        collector.addProtected(operator);
      } else {
        String plain = readPlain(stop);
        result.append(plain);
        collector.addSplitting(plain);
      }
    }
    if (stop != END) {
      throw new ExpansionException(
          "unexpected end of statement while looking for matching " + text(stop));
    }
    return result.toString();
  }

  /** One character, and those after it that cannot mean anything. */
  private String readPlain(int stop) {
    int start = position;
    do {
      next();
    } while (peek() != END && peek() != stop && "$'\"<".indexOf(peek()) < 0 && !atEscape());
    return source.substring(start, position);
  }

  private boolean atEscape() {
    return peek() == options.escape();
  }

  private void readEscape(BoundedText result, WordCollector collector) {
    String escape = text(next());
    if (keepEscapes) {
      result.append(escape);
      collector.addProtected(escape);
    }
    if (peek() != END) {
      String character = text(next());
      result.append(character);
      collector.addProtected(character);
    }
  }

  private String readHeredocOperator() {
    int start = position;
    position += 2;
    if (peek() == '-' && Whitespace.isSeparator(peekAfterDash())) {
      position++;
    }
    while (Whitespace.isSeparator(peek())) {
      position++;
    }
    return source.substring(start, position);
  }

  private int peekAfterDash() {
    return position + 1 < source.length() ? source.charAt(position + 1) : END;
  }

  private String readSingleQuoted() {
    int start = position;
    int end = source.indexOf('\'', start + 1);
    if (end < 0) {
      position = source.length();
      throw new ExpansionException(
          "unexpected end of statement while looking for matching single-quote");
    }
    position = end + 1;
    return options.keepQuotes()
        ? source.substring(start, position)
        : source.substring(start + 1, end);
  }

  private String readDoubleQuoted() {
    var result = new BoundedText();
    appendQuote(result);
    while (true) {
      switch (peek()) {
        case END ->
            throw new ExpansionException(
                "unexpected end of statement while looking for matching double-quote");
        case '"' -> {
          appendQuote(result);
          return result.toString();
        }
        case '$' -> result.append(readDollar());
        default -> readInDoubleQuotes(result);
      }
    }
  }

  private void appendQuote(BoundedText result) {
    int quote = next();
    if (options.keepQuotes()) {
      result.append(quote);
    }
  }

  /** Here an escape means something only before a double quote, a dollar and itself. */
  private void readInDoubleQuotes(BoundedText result) {
    int codePoint = next();
    if (codePoint == options.escape()) {
      if (keepEscapes) {
        result.append(codePoint);
      }
      int following = peek();
      if (following == END) {
        return;
      }
      if (following == '"' || following == '$' || following == options.escape()) {
        codePoint = next();
      }
    }
    result.append(codePoint);
  }

  private String readDollar() {
    next();
    if (peek() == '{') {
      if (depth == MAX_DEPTH) {
        throw new ExpansionException(
            "syntax error: more than " + MAX_DEPTH + " substitutions inside one another");
      }
      depth++;
      String value = readBraces();
      depth--;
      return value;
    }
    String name = readName();
    if (name.isEmpty()) {
      return "$";
    }
    return lookUp(name).orElse(options.keepUnset() ? "$" + name : "");
  }

  private String readBraces() {
    next();
    switch (peek()) {
      case END -> throw missingBrace();
      case '{', '}', ':' -> throw new ExpansionException("syntax error: bad substitution");
      default -> {}
    }
    String name = readName();
    int modifier = next();
    return switch (modifier) {
      case END -> throw missingBrace();
      case '}' -> lookUp(name).orElse(options.keepUnset() ? "${" + name + "}" : "");
      case ':' -> {
        int second = next();
        if (second == '#' || second == '%') {
          throw unsupported(":" + text(second));
        }
        yield readModified(name, second, true);
      }
      case '+', '-', '?', '#', '%' -> readModified(name, modifier, false);
      case '/' -> readReplaced(name);
      default -> throw unsupported(text(modifier));
    };
  }

  private String readModified(String name, int modifier, boolean emptyIsUnset) {
    boolean pattern = modifier == '#' || modifier == '%';
    String word = readOperand('}', pattern, "syntax error: missing '}'");
    String written = (emptyIsUnset ? ":" : "") + text(modifier);
    Optional<String> value = lookUp(name);
    if (value.isEmpty() && options.keepUnset()) {
      return "${" + name + written + word + "}";
    }
    boolean present = value.isPresent() && !(emptyIsUnset && value.get().isEmpty());
    return switch (modifier) {
      case '-' -> present ? value.get() : word;
      case '+' -> present ? word : "";
      case '?' -> {
        if (!present) {
          String reason = value.isEmpty() ? "unset" : "empty";
          throw new ExpansionException(
              name + ": " + (word.isEmpty() ? "is not allowed to be " + reason : word));
        }
        yield value.get();
      }
      case '#', '%' -> trim(value.orElse(""), modifier, word);
      default -> throw unsupported(written);
    };
  }

  private static String trim(String value, int modifier, String word) {
    boolean longest = !word.isEmpty() && word.charAt(0) == modifier;
    Glob glob = Glob.compile(longest ? word.substring(1) : word);
    return modifier == '#' ? glob.trimPrefix(value, longest) : glob.trimSuffix(value, longest);
  }

  private String readReplaced(String name) {
    boolean all = peek() == '/';
    if (all) {
      next();
    }
    String pattern = readOperand('/', true, "syntax error: missing '/' in ${}");
    String replacement = readOperand('}', true, "syntax error: missing '}'");
    Optional<String> value = lookUp(name);
    if (value.isEmpty() && options.keepUnset()) {
      return "${" + name + "/" + (all ? "/" : "") + pattern + "/" + replacement + "}";
    }
    return Glob.compile(pattern).replace(value.orElse(""), replacement, all);
  }

  /** A part of a substitution, itself expanded. Running off the end has its own sentence. */
  private String readOperand(char stop, boolean keepItsEscapes, String atEnd) {
    boolean outer = keepEscapes;
    keepEscapes = keepItsEscapes;
    try {
      return readText(stop, new WordCollector());
    } catch (ExpansionException e) {
      throw peek() == END ? new ExpansionException(atEnd) : e;
    } finally {
      keepEscapes = outer;
    }
  }

  private String readName() {
    int start = position;
    if (Character.isDigit(peek())) {
      while (Character.isDigit(peek())) {
        next();
      }
    } else if (isSpecialParameter(peek())) {
      next();
    } else {
      while (peek() == '_' || Character.isLetterOrDigit(peek())) {
        next();
      }
    }
    return source.substring(start, position);
  }

  /** The shell's one-character parameters; the language knows them as names that are never set. */
  private static boolean isSpecialParameter(int codePoint) {
    return switch (codePoint) {
      case '@', '*', '#', '?', '-', '$', '!' -> true;
      default -> false;
    };
  }

  private Optional<String> lookUp(String name) {
    Optional<String> value = env.get(name);
    (value.isPresent() ? used : undefined).add(name);
    return value;
  }

  private static ExpansionException missingBrace() {
    return new ExpansionException("syntax error: missing '}'");
  }

  private static ExpansionException unsupported(String modifier) {
    return new ExpansionException("unsupported modifier (" + modifier + ") in substitution");
  }

  /** Splits a line as the heredoc search does; nothing if the line cannot be read. */
  static List<String> splitRaw(String line) {
    var options = new Options('\\', true, true, false, true, true);
    try {
      return new WordReader(line, options, name -> Optional.empty()).read().words();
    } catch (ExpansionException e) {
      return List.of();
    }
  }
}
