package io.slipway.cli.command;

import io.slipway.cli.client.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Docker's client configuration, {@code $DOCKER_CONFIG/config.json} or {@code
 * ~/.docker/config.json}: which registry wants which credentials. Credential helpers ({@code
 * credsStore}, {@code credHelpers}) are run as docker runs them.
 */
record DockerConfig(Path file, JsonValue content) {
  private static final String DOCKER_HUB = "https://index.docker.io/v1/";

  static DockerConfig load() throws IOException {
    String folder = System.getenv("DOCKER_CONFIG");
    Path directory =
        folder == null || folder.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".docker")
            : Path.of(folder);
    Path file = directory.resolve("config.json");
    if (!Files.exists(file)) {
      return new DockerConfig(file, new JsonValue.Obj(Map.of()));
    }
    try (InputStream in = Files.newInputStream(file)) {
      return new DockerConfig(file, JsonValue.read(in));
    } catch (com.fasterxml.jackson.core.JacksonException e) {
      throw new CommandFailure(
          1, "config file " + file + " is not JSON: " + e.getOriginalMessage());
    }
  }

  /** The registry that an image name belongs to. */
  static String registryOf(String image) {
    String first = image.split("/")[0];
    boolean host =
        image.contains("/")
            && (first.contains(".") || first.contains(":") || first.equals("localhost"));
    return host ? first : DOCKER_HUB;
  }

  /** The value of X-Registry-Auth for an image: base64url JSON, {@code {}} when there is none. */
  String header(String image) throws IOException {
    return encode(credentials(registryOf(image)));
  }

  /** The value of X-Registry-Config: every stored registry's credentials. */
  String allHeader() throws IOException {
    Map<String, JsonValue> all = new LinkedHashMap<>();
    for (String registry : content.get("auths").members().keySet()) {
      all.put(registry, credentials(registry));
    }
    return encode(new JsonValue.Obj(all));
  }

  private static String encode(JsonValue value) {
    return Base64.getUrlEncoder()
        .encodeToString(value.print(false).getBytes(StandardCharsets.UTF_8));
  }

  private JsonValue credentials(String registry) throws IOException {
    String helper = content.get("credHelpers").text(registry);
    if (helper.isEmpty()) {
      helper = content.text("credsStore");
    }
    if (!helper.isEmpty()) {
      return CredentialHelper.named(helper).get(registry);
    }
    JsonValue stored = content.get("auths").get(registry);
    String token = stored.text("identitytoken");
    if (!token.isEmpty()) {
      return new JsonValue.Obj(Map.of("identitytoken", new JsonValue.Text(token)));
    }
    String decoded =
        new String(Base64.getDecoder().decode(stored.text("auth")), StandardCharsets.UTF_8);
    int colon = decoded.indexOf(':');
    if (colon < 0) {
      return new JsonValue.Obj(Map.of());
    }
    return login(decoded.substring(0, colon), decoded.substring(colon + 1), registry);
  }

  /** User, password and server as the Engine API takes them. */
  static JsonValue.Obj login(String user, String password, String registry) {
    Map<String, JsonValue> login = new LinkedHashMap<>();
    login.put("username", new JsonValue.Text(user));
    login.put("password", new JsonValue.Text(password));
    login.put("serveraddress", new JsonValue.Text(registry));
    return new JsonValue.Obj(login);
  }

  /** Keeps a login; in the credential helper if one is configured, else in the file (mode 0600). */
  void store(String registry, String user, String password) throws IOException {
    String helper = content.text("credsStore");
    if (!helper.isEmpty()) {
      CredentialHelper.named(helper).store(registry, user, password);
      return;
    }
    String plain = user + ":" + password;
    String auth = Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    Map<String, JsonValue> auths = new LinkedHashMap<>(content.get("auths").members());
    auths.put(registry, new JsonValue.Obj(Map.of("auth", new JsonValue.Text(auth))));
    write(auths);
  }

  /** Forgets a login; false when there was none. */
  boolean erase(String registry) throws IOException {
    String helper = content.text("credsStore");
    if (!helper.isEmpty()) {
      CredentialHelper.named(helper).erase(registry);
      return true;
    }
    Map<String, JsonValue> auths = new LinkedHashMap<>(content.get("auths").members());
    if (auths.remove(registry) == null) {
      return false;
    }
    write(auths);
    return true;
  }

  private void write(Map<String, JsonValue> auths) throws IOException {
    Map<String, JsonValue> members = new LinkedHashMap<>(content.members());
    members.put("auths", new JsonValue.Obj(auths));
    save(members);
  }

  /** Makes a context the one in use; empty for none. */
  void useContext(String name) throws IOException {
    Map<String, JsonValue> members = new LinkedHashMap<>(content.members());
    if (name.isEmpty()) {
      members.remove("currentContext");
    } else {
      members.put("currentContext", new JsonValue.Text(name));
    }
    save(members);
  }

  private void save(Map<String, JsonValue> members) throws IOException {
    String text = new JsonValue.Obj(members).print(true) + "\n";
    PrivateFile.write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /** The folder of docker's configuration. */
  Path folder() {
    return file.getParent();
  }
}
