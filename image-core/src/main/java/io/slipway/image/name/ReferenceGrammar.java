package io.slipway.image.name;

import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import io.slipway.image.model.DigestAlgorithm;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The grammar of distribution/reference, with Docker's normalisation and error texts. */
final class ReferenceGrammar {
  private static final int MAX_NAME = 255;

  private static final String COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
  private static final String DOMAIN_COMPONENT =
      "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
  private static final String HOST =
      "(?:" + DOMAIN_COMPONENT + "(?:\\." + DOMAIN_COMPONENT + ")*|\\[[a-fA-F0-9:]+\\])";

  private static final Pattern DOMAIN = Pattern.compile(HOST + "(?::[0-9]+)?");
  private static final Pattern PATH = Pattern.compile(COMPONENT + "(?:/" + COMPONENT + ")*+");
  private static final Pattern TAG = Pattern.compile("[\\w][\\w.-]{0,127}");
  private static final Pattern HEX_ID = Pattern.compile("[a-f0-9]{64}");
  private static final Pattern DIGEST =
      Pattern.compile("[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}");

  private ReferenceGrammar() {}

  static Reference parse(String text) {
    if (HEX_ID.matcher(text).matches()) {
      throw SlipwayException.invalid(
          "invalid repository name (" + text + "), cannot specify 64-byte hexadecimal strings");
    }
    String rest = text;
    Optional<Digest> digest = Optional.empty();
    int at = rest.indexOf('@');
    if (at >= 0) {
      digest = Optional.of(digest(rest.substring(at + 1)));
      rest = rest.substring(0, at);
    }
    Optional<String> tag = Optional.empty();
    int colon = rest.lastIndexOf(':');
    if (colon > rest.lastIndexOf('/')) {
      tag = Optional.of(rest.substring(colon + 1));
      rest = rest.substring(0, colon);
    }
    Repository repository = repository(rest);
    return new Reference(repository, tag, digest);
  }

  private static Repository repository(String name) {
    String domain = Repository.DEFAULT_DOMAIN;
    String path = name;
    int slash = name.indexOf('/');
    if (slash >= 0 && looksLikeHost(name.substring(0, slash))) {
      domain = name.substring(0, slash);
      path = name.substring(slash + 1);
    }
    if (domain.equals("index.docker.io")) {
      domain = Repository.DEFAULT_DOMAIN;
    }
    if (domain.equals(Repository.DEFAULT_DOMAIN) && path.indexOf('/') < 0) {
      path = Repository.OFFICIAL_PREFIX + path;
    }
    if (!path.toLowerCase(Locale.ROOT).equals(path)) {
      throw SlipwayException.invalid(
          "invalid reference format: repository name (" + path + ") must be lowercase");
    }
    return new Repository(domain, path);
  }

  /** Docker's rule: a first part with a dot, a colon or a capital letter, or localhost. */
  private static boolean looksLikeHost(String first) {
    return first.indexOf('.') >= 0
        || first.indexOf(':') >= 0
        || first.equals("localhost")
        || !first.toLowerCase(Locale.ROOT).equals(first);
  }

  private static Digest digest(String text) {
    Optional<Digest> digest = Digest.tryParse(text);
    if (digest.isPresent()) {
      return digest.get();
    }
    Matcher matcher = DIGEST.matcher(text);
    if (!matcher.matches()) {
      throw invalidFormat();
    }
    String algorithm = text.substring(0, text.indexOf(':'));
    Optional<DigestAlgorithm> known =
        Arrays.stream(DigestAlgorithm.values())
            .filter(a -> a.label().equals(algorithm))
            .findFirst();
    if (known.isEmpty()) {
      throw SlipwayException.invalid("unsupported digest algorithm");
    }
    int length = text.length() - algorithm.length() - 1;
    throw length == known.get().hexLength()
        ? invalidFormat()
        : SlipwayException.invalid("invalid checksum digest length");
  }

  static void checkRepository(String domain, String path) {
    if (domain.length() + 1 + path.length() > MAX_NAME) {
      throw SlipwayException.invalid(
          "repository name must not be more than " + MAX_NAME + " characters");
    }
    if (!DOMAIN.matcher(domain).matches() || !PATH.matcher(path).matches()) {
      throw invalidFormat();
    }
  }

  static void checkTag(String tag) {
    if (!TAG.matcher(tag).matches()) {
      throw invalidFormat();
    }
  }

  private static SlipwayException invalidFormat() {
    return SlipwayException.invalid("invalid reference format");
  }
}
