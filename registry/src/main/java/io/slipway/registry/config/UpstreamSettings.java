package io.slipway.registry.config;

import io.slipway.image.error.SlipwayException;
import io.slipway.image.name.Repository;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * A registry that repositories under one prefix are copies of: {@code prefix/NAME} here is {@code
 * registry/path/NAME} there.
 */
public record UpstreamSettings(
    @Setting("what the names of its repositories begin with here, such as `docker.io`; `/`: all")
        String prefix,
    @Setting("its host, without scheme and path") String registry,
    @Setting("what the names begin with there") Optional<String> path,
    @Setting(value = "whether it is spoken to without TLS", preset = "false") boolean plainHttp,
    @Setting("user to log in as") Optional<String> user,
    @Setting("file that holds the user's password") Optional<Path> passwordFile,
    @Setting(
            "file of CA certificates in PEM to trust beside the system's and those of docker's"
                + " `certs.d`")
        Optional<Path> ca) {

  public UpstreamSettings {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(passwordFile, "passwordFile");
    Objects.requireNonNull(ca, "ca");
    if (!isValid(registry, "x")) {
      throw SlipwayException.invalid(
          "want the host of an upstream without scheme and path, got \"" + registry + "\"");
    }
    if (!prefix.equals("/") && !isValid(registry, prefix)) {
      throw SlipwayException.invalid(
          "\"" + prefix + "\" cannot begin the name of a repository: want for example docker.io");
    }
    if (path.isPresent() && !isValid(registry, path.get())) {
      throw SlipwayException.invalid("\"" + path.get() + "\" cannot begin a name at " + registry);
    }
    if (plainHttp && ca.isPresent()) {
      throw SlipwayException.invalid(
          "upstream " + registry + ": without TLS there is no use for a ca");
    }
    if (user.isPresent() != passwordFile.isPresent()) {
      throw SlipwayException.invalid(
          "upstream " + registry + ": user and password-file belong together");
    }
  }

  private static boolean isValid(String domain, String path) {
    try {
      return new Repository(domain, path).domain().equals(domain);
    } catch (SlipwayException e) {
      // the caller says which of the two it is
      return false;
    }
  }
}
