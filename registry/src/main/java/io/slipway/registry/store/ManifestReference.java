package io.slipway.registry.store;

import io.slipway.image.model.Digest;

/** How a request names a manifest: by a tag, which moves, or by digest, which does not. */
public sealed interface ManifestReference {

  /** A tag of the distribution-spec's grammar, at most 128 characters. */
  record ByTag(String tag) implements ManifestReference {
    private static final int MAX_LENGTH = 128;

    public ByTag {
      if (!isTag(tag)) {
        throw RegistryFault.of(ErrorCode.TAG_INVALID, "invalid tag", tag);
      }
    }

    private static boolean isTag(String text) {
      if (text.isEmpty() || text.length() > MAX_LENGTH) {
        return false;
      }
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        boolean word =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
        if (!word && (i == 0 || (c != '.' && c != '-'))) {
          return false;
        }
      }
      return true;
    }

    @Override
    public String toString() {
      return tag;
    }
  }

  /** A digest. */
  record ByDigest(Digest digest) implements ManifestReference {
    @Override
    public String toString() {
      return digest.toString();
    }
  }

  /** Parses the last part of a manifest's path; a colon, which tags lack, marks a digest. */
  static ManifestReference parse(String text) {
    return text.indexOf(':') >= 0 ? new ByDigest(Digests.parse(text)) : new ByTag(text);
  }
}
