package io.slipway.image.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.name.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Credentials as {@code docker login} leaves them: {@code credHelpers} for single registries,
 * {@code credsStore} for all, and {@code auths} in the file itself. The file is read at each
 * question, so a login counts at once.
 */
public final class DockerConfigCredentials implements CredentialSource {
  /** The key under which Docker Hub's credentials are kept. */
  private static final String HUB_KEY = "https://index.docker.io/v1/";

  private final Path file;
  private final String searchPath;

  /**
   * {@code file} is a docker {@code config.json}, which need not exist; {@code searchPath} lists
   * the directories of helper programs, as PATH does.
   */
  public DockerConfigCredentials(Path file, String searchPath) {
    this.file = Objects.requireNonNull(file, "file");
    this.searchPath = Objects.requireNonNull(searchPath, "searchPath");
  }

  /** The file that docker itself would use: below {@code DOCKER_CONFIG}, else {@code HOME}. */
  public static DockerConfigCredentials of(Map<String, String> environment) {
    String folder = environment.getOrDefault("DOCKER_CONFIG", "");
    Path directory =
        folder.isEmpty()
            ? Path.of(environment.getOrDefault("HOME", "/"), ".docker")
            : Path.of(folder);
    return new DockerConfigCredentials(
        directory.resolve("config.json"), environment.getOrDefault("PATH", ""));
  }

  @Override
  public Credentials find(String domain) {
    JsonNode config = read();
    String key = domain.equals(Repository.DEFAULT_DOMAIN) ? HUB_KEY : domain;
    String helper = config.path("credHelpers").path(key).asText("");
    helper = helper.isEmpty() ? config.path("credHelpers").path(domain).asText("") : helper;
    helper = helper.isEmpty() ? config.path("credsStore").asText("") : helper;
    if (!helper.isEmpty()) {
      Optional<Credentials> stored = new CredentialHelper(helper, searchPath).get(key);
      if (stored.isPresent()) {
        return stored.get();
      }
    }
    for (Map.Entry<String, JsonNode> entry : config.path("auths").properties()) {
      if (domain(entry.getKey()).equals(domain)) {
        return AuthConfigJson.read(entry.getValue());
      }
    }
    return new Credentials.Anonymous();
  }

  /** The domain a key of the file is for: keys may be hosts or old URLs. */
  static String domain(String key) {
    String host = key.replaceFirst("^https?://", "");
    int slash = host.indexOf('/');
    host = slash < 0 ? host : host.substring(0, slash);
    return host.equals("index.docker.io") || host.equals("registry-1.docker.io")
        ? Repository.DEFAULT_DOMAIN
        : host;
  }

  private JsonNode read() {
    try {
      return RegistryErrors.JSON.readTree(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return RegistryErrors.JSON.createObjectNode();
    } catch (JsonProcessingException e) {
      throw new SlipwayException(
          ErrorKind.INVALID, file + " is not valid JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new SlipwayException(ErrorKind.INTERNAL, file + " cannot be read", e);
    }
  }
}
