package io.slipway.image.catalog;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import io.slipway.image.name.Reference;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds the image a person means: an id, the beginning of one, or a name. */
public final class ImageLookup {
  private static final Pattern ID = Pattern.compile("(?:sha256:)?([a-f0-9]{1,64})");
  private static final int FULL_ID = 64;

  private final ImageCatalog catalog;

  public ImageLookup(ImageCatalog catalog) {
    this.catalog = Objects.requireNonNull(catalog, "catalog");
  }

  /**
   * The image that {@code text} means, in Docker's order: full id, then name, then the beginning of
   * an id. Empty when there is none; INVALID when {@code text} cannot be a name or an id, or is the
   * beginning of several ids.
   */
  public Optional<ImageRecord> find(String text) {
    var id = ID.matcher(text);
    boolean couldBeId = id.matches();
    if (couldBeId && id.group(1).length() == FULL_ID) {
      return catalog.find(Digest.sha256(id.group(1)));
    }
    if (!text.startsWith("sha256:")) {
      Optional<ImageRecord> named = catalog.find(Reference.parseWithDefaultTag(text));
      if (named.isPresent()) {
        return named;
      }
    }
    return couldBeId ? byPrefix(text, id.group(1)) : Optional.empty();
  }

  /** As {@link #find}; NOT_FOUND with Docker's text {@code No such image: x:latest}. */
  public ImageRecord get(String text) {
    return find(text)
        .orElseThrow(() -> SlipwayException.notFound("No such image: " + withDefaultTag(text)));
  }

  private Optional<ImageRecord> byPrefix(String text, String prefix) {
    List<ImageRecord> matches =
        catalog.list().stream().filter(image -> image.id().hex().startsWith(prefix)).toList();
    if (matches.size() > 1) {
      throw new SlipwayException(
          ErrorKind.INVALID, "ambiguous image id \"" + text + "\": give more characters");
    }
    return matches.stream().findFirst();
  }

  private static String withDefaultTag(String text) {
    return ID.matcher(text).matches() && text.startsWith("sha256:")
        ? text
        : Reference.parseWithDefaultTag(text).familiar();
  }
}
