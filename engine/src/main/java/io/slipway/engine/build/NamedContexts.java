package io.slipway.engine.build;

import io.slipway.builder.frontend.NamedContext;
import io.slipway.builder.remote.GitRemote;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.name.Reference;
import java.net.URI;
import java.nio.file.Path;

/** Where a named context is, as {@code --build-context NAME=WHERE} says it. */
final class NamedContexts {
  private static final String IMAGE = "docker-image://";
  private static final String LAYOUT = "oci-layout://";

  private NamedContexts() {}

  static NamedContext parse(String where) {
    if (where.startsWith(IMAGE)) {
      return new NamedContext.Image(
          Reference.parse(where.substring(IMAGE.length())).withDefaultTag());
    }
    if (where.startsWith(LAYOUT)) {
      return layout(where.substring(LAYOUT.length()));
    }
    if (GitRemote.isGit(where)) {
      return new NamedContext.Git(GitRemote.parse(where));
    }
    if (where.startsWith("http://") || where.startsWith("https://")) {
      return new NamedContext.Http(URI.create(where));
    }
    Path directory = Path.of(where);
    if (!directory.isAbsolute()) {
      throw SlipwayException.invalid("named context is no absolute path: " + where);
    }
    return new NamedContext.Local(directory);
  }

  private static NamedContext layout(String where) {
    int at = where.indexOf('@');
    int colon = where.lastIndexOf(':');
    int end = at >= 0 ? at : colon > where.lastIndexOf('/') ? colon : where.length();
    return new NamedContext.Layout(Path.of(where.substring(0, end)), where.substring(end));
  }
}
