package io.slipway.builder.frontend;

import io.slipway.builder.graph.Op;
import io.slipway.builder.graph.StepInfo;
import io.slipway.builder.graph.Vertex;
import io.slipway.builder.remote.GitRemote;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;

/** What is not in a context but on a server: the vertices of URLs and repositories. */
final class RemoteSource {
  private static final String UNNAMED = "__unnamed__";

  private RemoteSource() {}

  static boolean isUrl(String source) {
    return source.startsWith("http://") || source.startsWith("https://");
  }

  static URI url(String source) {
    try {
      return new URI(source.replace(" ", "%20"));
    } catch (URISyntaxException e) {
      throw SlipwayException.invalid("invalid URL " + source + ": " + e.getReason());
    }
  }

  /** The last name of a URL's path. */
  static String fileName(URI url) {
    String path = url.getPath() == null ? "" : url.getPath();
    String name = ContainerPaths.baseName(path);
    return name.isEmpty() ? UNNAMED : name;
  }

  static Vertex http(URI url, Optional<Digest> checksum) {
    var op = new Op.HttpSource(url, fileName(url), checksum);
    return Vertex.of(op, List.of(), StepInfo.internal("[internal] load " + url));
  }

  static Vertex git(GitRemote remote) {
    String ref = remote.ref().isEmpty() ? "" : "#" + remote.ref();
    String name = "[internal] load git source " + remote.url() + ref;
    return Vertex.of(new Op.GitSource(remote), List.of(), StepInfo.internal(name));
  }
}
