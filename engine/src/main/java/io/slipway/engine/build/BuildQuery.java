package io.slipway.engine.build;

import com.fasterxml.jackson.databind.JsonNode;
import io.slipway.builder.BuildExtras;
import io.slipway.builder.BuildRequest;
import io.slipway.builder.context.ContextSource;
import io.slipway.builder.context.DockerfileSource;
import io.slipway.builder.exchange.CacheTransfer;
import io.slipway.builder.exchange.CacheTransfers;
import io.slipway.builder.frontend.BuildOptions;
import io.slipway.builder.frontend.CacheUse;
import io.slipway.builder.frontend.Entitlement;
import io.slipway.builder.frontend.KnownArguments;
import io.slipway.builder.frontend.NamedContext;
import io.slipway.builder.graph.HostEntry;
import io.slipway.builder.graph.NetworkMode;
import io.slipway.builder.remote.GitRemote;
import io.slipway.engine.http.Query;
import io.slipway.engine.http.Request;
import io.slipway.engine.model.Json;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.Platform;
import io.slipway.image.name.Reference;
import io.slipway.image.remote.CredentialSource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** The parameters of {@code POST /build} as a build request. */
final class BuildQuery {
  /** Parameters of options that are not built yet, and the values that mean "not given". */
  private static final Map<String, Set<String>> UNSUPPORTED =
      Map.ofEntries(
          Map.entry("securityopt", Set.of("", "null", "[]")),
          Map.entry("session", Set.of("")),
          Map.entry("isolation", Set.of("", "default")),
          Map.entry("version", Set.of("", "1")));

  private BuildQuery() {}

  static BuildRequest read(Request request, BuildSession session, CredentialSource who)
      throws IOException {
    Query query = request.query();
    UNSUPPORTED.forEach((name, harmless) -> {
      if (!harmless.contains(query.text(name))) {
        throw new SlipwayException(
            ErrorKind.UNSUPPORTED,
            "build option %s=%s is not built yet".formatted(name, query.text(name)));
      }
    });
    BuildOptions options =
        new BuildOptions(
            query.text("target"),
            texts(query, "buildargs"),
            texts(query, "labels"),
            Optional.empty(),
            cacheUse(query),
            query.flag("pull"),
            network(query.text("networkmode")),
            query.all("extrahosts").stream().map(BuildQuery::host).toList(),
            shm(query),
            new LimitsQuery(query).read(),
            entitlements(query),
            contexts(query));
    List<Reference> tags =
        query.all("t").stream().filter(t -> !t.isEmpty()).map(BuildQuery::tag).toList();
    return new BuildRequest(
        context(request, options),
        dockerfile(query, session),
        options,
        new OutputQuery(session, tags).read(query.text("outputs")),
        session.secrets(),
        platforms(query),
        extras(query, options, who));
  }

  private static ContextSource context(Request request, BuildOptions options) {
    String directory = request.query().text("contextdir");
    if (!directory.isEmpty()) {
      return new ContextSource.Directory(Path.of(directory));
    }
    String remote = request.query().text("remote");
    if (remote.isEmpty()) {
      return new ContextSource.Tar(request.body());
    }
    if (!GitRemote.isGit(remote) && remote.matches("https?://.*")) {
      return new ContextSource.Http(URI.create(remote));
    }
    GitRemote git = GitRemote.parse(remote);
    boolean kept = KnownArguments.BUILDKIT_CONTEXT_KEEP_GIT_DIR.in(options.buildArgs());
    return new ContextSource.Git(kept ? git.withKeptGitDirectory() : git);
  }

  private static DockerfileSource dockerfile(Query query, BuildSession session) throws IOException {
    String name = query.text("dockerfile");
    if (session.dockerfile().isPresent()) {
      return new DockerfileSource.Text(
          DockerfileSource.DEFAULT_NAME, Bytes.utf8(session.dockerfile().get()), Optional.empty());
    }
    String directory = query.text("contextdir");
    if (!directory.isEmpty()) {
      return dockerfile(Path.of(directory), name);
    }
    return new DockerfileSource.InContext(name.isEmpty() ? DockerfileSource.DEFAULT_NAME : name);
  }

  /** {@code name=where}, as {@code --build-context} has it. */
  private static Map<String, NamedContext> contexts(Query query) {
    Map<String, NamedContext> contexts = new LinkedHashMap<>();
    for (String text : query.all("buildcontext")) {
      int equals = text.indexOf('=');
      if (equals <= 0) {
        throw SlipwayException.invalid("invalid context value: " + text + ", expected key=value");
      }
      contexts.put(text.substring(0, equals), NamedContexts.parse(text.substring(equals + 1)));
    }
    return contexts;
  }

  private static CacheUse cacheUse(Query query) {
    Set<String> stages =
        query.all("nocachefilter").stream()
            .flatMap(text -> Arrays.stream(text.split(",")))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toSet());
    return new CacheUse(query.flag("nocache") || query.flag("verify"), stages);
  }

  private static BuildExtras extras(Query query, BuildOptions options, CredentialSource who) {
    var stores = new ArrayList<>(transfers(query, "cacheto", true));
    if (KnownArguments.BUILDKIT_INLINE_CACHE.in(options.buildArgs())) {
      stores.add(CacheTransfer.inline());
    }
    return new BuildExtras(
        query.flag("strict"),
        contextTime(query),
        query.flag("verify"),
        query.flag("squash"),
        new CacheTransfers(transfers(query, "cachefrom", false), stores, who));
  }

  /** A JSON array of images' names, as docker sends it, or of {@code type=...} texts. */
  private static List<CacheTransfer> transfers(Query query, String name, boolean export) {
    String json = query.text(name);
    if (json.isEmpty() || json.equals("null")) {
      return List.of();
    }
    JsonNode array =
        Json.tryTree(json)
            .filter(JsonNode::isArray)
            .orElseThrow(() -> SlipwayException.invalid(name + " is not a JSON array: " + json));
    List<CacheTransfer> transfers = new ArrayList<>();
    array.forEach(text -> transfers.add(CacheTransfer.parse(text.asText(), export)));
    return transfers;
  }

  private static OptionalLong contextTime(Query query) {
    String text = query.text("contexttime");
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    if (!text.matches("\\d{1,12}")) {
      throw SlipwayException.invalid("invalid value for contexttime: " + text);
    }
    return OptionalLong.of(Long.parseLong(text));
  }

  private static Set<Entitlement> entitlements(Query query) {
    return query.all("allow").stream().map(Entitlement::parse).collect(Collectors.toSet());
  }

  private static Reference tag(String text) {
    Reference name = Reference.parse(text);
    if (name.digest().isPresent()) {
      throw SlipwayException.invalid("invalid tag \"" + text + "\": it has a digest");
    }
    return name.withDefaultTag();
  }

  /** A Dockerfile beside a context that is read in place; it may lie outside of it. */
  private static DockerfileSource dockerfile(Path context, String name) throws IOException {
    if (name.isEmpty()) {
      return new DockerfileSource.InContext(DockerfileSource.DEFAULT_NAME);
    }
    Path file = context.resolve(name).normalize();
    if (file.startsWith(context)) {
      return new DockerfileSource.InContext(context.relativize(file).toString());
    }
    try {
      Path ignore = file.resolveSibling(file.getFileName() + ".dockerignore");
      Optional<Bytes> rules =
          Files.exists(ignore)
              ? Optional.of(Bytes.copyOf(Files.readAllBytes(ignore)))
              : Optional.empty();
      return new DockerfileSource.Text(name, Bytes.copyOf(Files.readAllBytes(file)), rules);
    } catch (NoSuchFileException e) {
      throw SlipwayException.notFound("cannot locate Dockerfile: " + name);
    }
  }

  /** A JSON object of texts; a name with null is left out, as docker leaves it unset. */
  private static Map<String, String> texts(Query query, String name) {
    String json = query.text(name);
    if (json.isEmpty() || json.equals("null")) {
      return Map.of();
    }
    JsonNode tree =
        Json.tryTree(json)
            .filter(JsonNode::isObject)
            .orElseThrow(() -> SlipwayException.invalid(name + " is not a JSON object: " + json));
    Map<String, String> texts = new LinkedHashMap<>();
    tree.properties()
        .forEach(member -> {
          if (!member.getValue().isNull()) {
            texts.put(member.getKey(), member.getValue().asText());
          }
        });
    return texts;
  }

  private static List<Platform> platforms(Query query) {
    return Arrays.stream(query.text("platform").split(","))
        .map(String::strip)
        .filter(text -> !text.isEmpty())
        .map(Platform::parse)
        .distinct()
        .toList();
  }

  private static NetworkMode network(String mode) {
    return switch (mode) {
      case "", "default", "bridge" -> NetworkMode.DEFAULT;
      case "host" -> NetworkMode.HOST;
      case "none" -> NetworkMode.NONE;
      default ->
          throw new SlipwayException(
              ErrorKind.UNSUPPORTED, "network mode \"" + mode + "\" for a build is not built yet");
    };
  }

  private static HostEntry host(String text) {
    int colon = text.indexOf(':');
    if (colon <= 0 || colon == text.length() - 1) {
      throw SlipwayException.invalid("invalid host-to-IP mapping \"" + text + "\": use host:ip");
    }
    return new HostEntry(text.substring(0, colon), text.substring(colon + 1));
  }

  private static OptionalLong shm(Query query) {
    String text = query.text("shmsize");
    if (text.isEmpty() || text.equals("0")) {
      return OptionalLong.empty();
    }
    if (!text.matches("\\d{1,18}")) {
      throw SlipwayException.invalid("invalid value for shmsize: " + text);
    }
    return OptionalLong.of(Long.parseLong(text));
  }
}
