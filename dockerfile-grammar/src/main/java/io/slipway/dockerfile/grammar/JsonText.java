package io.slipway.dockerfile.grammar;

import java.util.Optional;

/**
 * As much JSON as the Dockerfile language needs: is this text an array, are its elements strings,
 * what do the strings say, what is one member of an object. A text is JSON only as a whole.
 */
public final class JsonText {

  /** What a text that starts with {@code [} is. */
  public enum ArrayForm {
    STRINGS,
    OTHER_ELEMENTS,
    NOT_JSON
  }

  /** Deeper nesting counts as not JSON: no Dockerfile needs it and the stack is finite. */
  private static final int MAX_DEPTH = 200;

  private final String text;
  private int position;
  private boolean onlyStrings = true;
  private String wantedMember = "";
  private Optional<String> member = Optional.empty();

  private JsonText(String text) {
    this.text = text;
  }

  /** Tells what kind of array {@code text} is, white space around it allowed. */
  public static ArrayForm arrayForm(String text) {
    var json = new JsonText(text);
    json.skipBlanks();
    if (!json.at('[') || !json.readDocument()) {
      return ArrayForm.NOT_JSON;
    }
    return json.onlyStrings ? ArrayForm.STRINGS : ArrayForm.OTHER_ELEMENTS;
  }

  /** The string member {@code name} of the object that {@code text} is. */
  public static Optional<String> member(String text, String name) {
    var json = new JsonText(text);
    json.wantedMember = name;
    json.skipBlanks();
    return json.at('{') && json.readDocument() ? json.member : Optional.empty();
  }

  /** What a string literal, quotes included, says. A lone surrogate becomes U+FFFD. */
  public static String decode(String literal) {
    var out = new StringBuilder(literal.length());
    int end = literal.length() - 1;
    for (int i = 1; i < end; i++) {
      char character = literal.charAt(i);
      if (character != '\\') {
        out.append(character);
        continue;
      }
      char escape = literal.charAt(++i);
      switch (escape) {
        case 'b' -> out.append('\b');
        case 'f' -> out.append('\f');
        case 'n' -> out.append('\n');
        case 'r' -> out.append('\r');
        case 't' -> out.append('\t');
        case 'u' -> {
          out.append((char) Integer.parseInt(literal, i + 1, i + 5, 16));
          i += 4;
        }
        default -> out.append(escape);
      }
    }
    return replaceLoneSurrogates(out);
  }

  private static String replaceLoneSurrogates(StringBuilder text) {
    var out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(codePoint ->
            out.appendCodePoint(
                codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE
                    ? 0xFFFD
                    : codePoint));
    return out.toString();
  }

  private boolean readDocument() {
    if (!readValue(0)) {
      return false;
    }
    skipBlanks();
    return position == text.length();
  }

  private boolean readValue(int depth) {
    skipBlanks();
    if (position >= text.length() || depth > MAX_DEPTH) {
      return false;
    }
    char first = text.charAt(position);
    if (depth == 1 && first != '"') {
      onlyStrings = false;
    }
    return switch (first) {
      case '[' -> readArray(depth);
      case '{' -> readObject(depth);
      case '"' -> readString().isPresent();
      case 't' -> readWord("true");
      case 'f' -> readWord("false");
      case 'n' -> readWord("null");
      default -> readNumber();
    };
  }

  private boolean readArray(int depth) {
    position++;
    skipBlanks();
    if (take(']')) {
      return true;
    }
    do {
      if (!readValue(depth + 1)) {
        return false;
      }
      skipBlanks();
    } while (take(','));
    return take(']');
  }

  private boolean readObject(int depth) {
    position++;
    skipBlanks();
    if (take('}')) {
      return true;
    }
    do {
      skipBlanks();
      Optional<String> name = at('"') ? readString() : Optional.empty();
      skipBlanks();
      if (name.isEmpty() || !take(':')) {
        return false;
      }
      skipBlanks();
      int start = position;
      if (!readValue(depth + 1)) {
        return false;
      }
      if (depth == 0 && name.get().equals(wantedMember)) {
        String value = text.substring(start, position);
        member = value.startsWith("\"") ? Optional.of(decode(value)) : Optional.empty();
      }
      skipBlanks();
    } while (take(','));
    return take('}');
  }

  private Optional<String> readString() {
    int start = position++;
    while (position < text.length() && text.charAt(position) >= ' ') {
      char character = text.charAt(position++);
      if (character == '"') {
        return Optional.of(decode(text.substring(start, position)));
      }
      if (character == '\\' && !readEscape()) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private boolean readEscape() {
    if (position >= text.length()) {
      return false;
    }
    char escape = text.charAt(position++);
    if (escape != 'u') {
      return "\"\\/bfnrt".indexOf(escape) >= 0;
    }
    for (int i = 0; i < 4; i++, position++) {
      if (position >= text.length()
          || "0123456789abcdefABCDEF".indexOf(text.charAt(position)) < 0) {
        return false;
      }
    }
    return true;
  }

  private boolean readWord(String word) {
    boolean found = text.startsWith(word, position);
    position += word.length();
    return found;
  }

  private boolean readNumber() {
    take('-');
    if (!take('0') && !readDigits()) {
      return false;
    }
    if (take('.') && !readDigits()) {
      return false;
    }
    if (take('e') || take('E')) {
      if (!take('+')) {
        take('-');
      }
      return readDigits();
    }
    return true;
  }

  private boolean readDigits() {
    int start = position;
    while (position < text.length()
        && text.charAt(position) >= '0'
        && text.charAt(position) <= '9') {
      position++;
    }
    return position > start;
  }

  private void skipBlanks() {
    while (at(' ') || at('\t') || at('\n') || at('\r')) {
      position++;
    }
  }

  private boolean at(char character) {
    return position < text.length() && text.charAt(position) == character;
  }

  private boolean take(char character) {
    boolean found = at(character);
    if (found) {
      position++;
    }
    return found;
  }
}
