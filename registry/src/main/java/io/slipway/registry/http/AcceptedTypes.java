package io.slipway.registry.http;

import io.slipway.image.model.MediaTypes;
import java.util.List;

/**
 * What a client's Accept headers say about manifests. Only one thing follows from them: an old
 * client, which names image manifests and nothing that an index would fit, is given the image of
 * its platform in place of an index.
 */
record AcceptedTypes(boolean images, boolean indexes) {

  /** Parses all Accept headers of a request; parameters are ignored, except q=0, which refuses. */
  static AcceptedTypes of(List<String> headers) {
    boolean images = false;
    boolean indexes = headers.isEmpty();
    for (String header : headers) {
      for (String entry : header.split(",")) {
        if (entry.isBlank() || isRefused(entry)) {
          continue;
        }
        String type = MediaTypes.withoutParameters(entry);
        boolean any = type.equals("*/*") || type.equals("application/*");
        images |= any || MediaTypes.isImageManifest(type);
        indexes |= any || MediaTypes.isIndex(type);
      }
    }
    return new AcceptedTypes(images, indexes);
  }

  /** True when an index by tag is to be answered with one of its images. */
  boolean wantsImageOfIndex() {
    return images && !indexes;
  }

  private static boolean isRefused(String entry) {
    for (String parameter : entry.split(";")) {
      String bare = parameter.strip();
      if (bare.startsWith("q=") && bare.substring(2).matches("0(\\.0*)?")) {
        return true;
      }
    }
    return false;
  }
}
