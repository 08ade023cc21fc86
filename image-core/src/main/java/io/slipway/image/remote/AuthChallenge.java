package io.slipway.image.remote;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One challenge of a WWW-Authenticate header (RFC 9110, 11.6.1): a scheme and its parameters, both
 * names in lower case.
 */
record AuthChallenge(String scheme, Map<String, String> parameters) {
  AuthChallenge {
    Objects.requireNonNull(scheme, "scheme");
    parameters = Map.copyOf(parameters);
  }

  /** A parameter, empty text when absent. */
  String parameter(String name) {
    return parameters.getOrDefault(name, "");
  }

  /** All challenges of all headers; what cannot be read is left out. */
  static List<AuthChallenge> parse(List<String> headers) {
    List<AuthChallenge> challenges = new ArrayList<>();
    for (String header : headers) {
      new Parser(header).parse(challenges);
    }
    return challenges;
  }

  static Optional<AuthChallenge> find(List<AuthChallenge> challenges, String scheme) {
    return challenges.stream().filter(c -> c.scheme.equals(scheme)).findFirst();
  }

  /**
   * Reads {@code Scheme a=b, c="d, \"e\"", Other f=g}. A comma separates parameters as well as
   * challenges: a word that is followed by {@code =} is a parameter, any other starts a challenge.
   */
  private static final class Parser {
    private final String text;
    private int at;

    Parser(String text) {
      this.text = text;
    }

    void parse(List<AuthChallenge> challenges) {
      String scheme = "";
      Map<String, String> parameters = new LinkedHashMap<>();
      while (true) {
        skip(" \t,");
        String word = token();
        if (word.isEmpty()) {
          break;
        }
        skip(" \t");
        if (at < text.length() && text.charAt(at) == '=' && !scheme.isEmpty()) {
          at++;
          skip(" \t");
          parameters.putIfAbsent(word.toLowerCase(Locale.ROOT), value());
        } else {
          add(challenges, scheme, parameters);
          scheme = word.toLowerCase(Locale.ROOT);
          parameters = new LinkedHashMap<>();
        }
      }
      add(challenges, scheme, parameters);
    }

    private static void add(
        List<AuthChallenge> challenges, String scheme, Map<String, String> parameters) {
      if (!scheme.isEmpty()) {
        challenges.add(new AuthChallenge(scheme, parameters));
      }
    }

    private void skip(String characters) {
      while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
        at++;
      }
    }

    private String token() {
      int from = at;
      while (at < text.length() && isTokenCharacter(text.charAt(at))) {
        at++;
      }
      return text.substring(from, at);
    }

    private static boolean isTokenCharacter(char c) {
      return c > ' ' && c < 0x7f && "()<>@,;:\\\"[]?={}".indexOf(c) < 0;
    }

    private String value() {
      if (at < text.length() && text.charAt(at) == '"') {
        return quoted();
      }
      int from = at;
      while (at < text.length() && ", \t".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      return text.substring(from, at);
    }

    private String quoted() {
      StringBuilder value = new StringBuilder();
      at++;
      while (at < text.length() && text.charAt(at) != '"') {
        if (text.charAt(at) == '\\' && at + 1 < text.length()) {
          at++;
        }
        value.append(text.charAt(at++));
      }
      at = Math.min(at + 1, text.length());
      return value.toString();
    }
  }
}
