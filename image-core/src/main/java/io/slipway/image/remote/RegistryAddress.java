package io.slipway.image.remote;

import io.slipway.image.name.Repository;
import java.net.URI;
import java.util.Set;
import java.util.regex.Pattern;

/** Where the registry of a domain answers: {@code scheme://host[:port]}. */
record RegistryAddress(String domain, URI base) {
  /** The registry that Docker Hub's domain stands for. */
  private static final String HUB_HOST = "registry-1.docker.io";

  /** Literal addresses only: a name that merely resolves to loopback is not trusted. */
  private static final Pattern LOOPBACK =
      Pattern.compile("(?:localhost|127(?:\\.\\d{1,3}){3}|\\[::1\\])(?::\\d+)?");

  static RegistryAddress of(String domain, Set<String> insecure) {
    if (domain.equals(Repository.DEFAULT_DOMAIN)) {
      return new RegistryAddress(domain, URI.create("https://" + HUB_HOST));
    }
    boolean plain = LOOPBACK.matcher(domain).matches() || insecure.contains(domain);
    return new RegistryAddress(domain, URI.create((plain ? "http://" : "https://") + domain));
  }

  /** By TLS, whatever host it is. */
  static RegistryAddress secure(String domain) {
    String host = domain.equals(Repository.DEFAULT_DOMAIN) ? HUB_HOST : domain;
    return new RegistryAddress(domain, URI.create("https://" + host));
  }

  /** The URL of {@code path} below {@code /v2/}. */
  URI url(String path) {
    return URI.create(base + "/v2/" + path);
  }

  boolean isPlainHttp() {
    return base.getScheme().equals("http");
  }

  boolean isSameHost(URI uri) {
    return base.getRawAuthority().equalsIgnoreCase(uri.getRawAuthority())
        && base.getScheme().equalsIgnoreCase(uri.getScheme());
  }
}
