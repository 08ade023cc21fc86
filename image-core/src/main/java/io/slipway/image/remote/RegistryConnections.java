package io.slipway.image.remote;

import io.slipway.image.name.Repository;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The connections to all registries, shared by all operations of a process. */
public final class RegistryConnections implements AutoCloseable {
  private final RegistrySettings settings;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final ConcurrentHashMap<String, Special> special = new ConcurrentHashMap<>();

  /** Null until the first use: it reads the certificates of all authorities. */
  private HttpClient usual;

  private boolean closed;

  /** A client and what it trusts. */
  private record Special(RegistryTrust trust, HttpClient client) {}

  public RegistryConnections(RegistrySettings settings) {
    this.settings = Objects.requireNonNull(settings, "settings");
  }

  private synchronized HttpClient usual() {
    if (closed) {
      throw new IllegalStateException("the connections to registries are closed");
    }
    if (usual == null) {
      usual = builder().build();
    }
    return usual;
  }

  private HttpClient.Builder builder() {
    // HTTP/1.1: layers move in parallel on connections of their own, without one shared window
    return HttpClient.newBuilder()
        .version(Version.HTTP_1_1)
        .followRedirects(Redirect.NEVER)
        .connectTimeout(settings.connectTimeout())
        .executor(executor);
  }

  RegistrySettings settings() {
    return settings;
  }

  /** A client that may pull from {@code repository}. Asks the registry who it is first. */
  public RegistryClient forPull(Repository repository, CredentialSource credentials)
      throws IOException {
    return connect(repository, credentials, RegistryScope.pull(repository));
  }

  /** A client that may pull from and push to {@code repository}. */
  public RegistryClient forPush(Repository repository, CredentialSource credentials)
      throws IOException {
    return connect(repository, credentials, RegistryScope.push(repository));
  }

  private RegistryClient connect(
      Repository repository, CredentialSource credentials, RegistryScope scope) throws IOException {
    RegistryTransport transport =
        transport(repository.domain(), credentials.find(repository.domain()));
    transport.ping();
    return new RegistryClient(transport, repository, scope);
  }

  /**
   * Checks credentials, as {@code docker login} does: UNAUTHORIZED with docker's text when the
   * registry at {@code domain} refuses them.
   */
  public void login(String domain, Credentials credentials) throws IOException {
    transport(domain, credentials).login();
  }

  /**
   * Repositories whose names contain a term. A term that begins with a registry's domain and a
   * slash searches there, any other on Docker Hub.
   *
   * @param limit the most that are returned
   */
  public List<FoundImage> search(String term, int limit, CredentialSource credentials)
      throws IOException {
    int slash = term.indexOf('/');
    String first = slash < 0 ? "" : term.substring(0, slash);
    boolean isDomain = first.contains(".") || first.contains(":") || first.equals("localhost");
    boolean hub = !isDomain || first.endsWith(Repository.DEFAULT_DOMAIN);
    String domain = hub ? Repository.DEFAULT_DOMAIN : first;
    String words = isDomain ? term.substring(slash + 1) : term;
    RegistryTransport transport =
        transport(domain, hub ? new Credentials.Anonymous() : credentials.find(domain));
    return new SearchEndpoint(transport).search(words, limit);
  }

  private RegistryTransport transport(String domain, Credentials credentials) {
    Optional<HttpClient> trusting = trusting(domain);
    HttpExchange http = new HttpExchange(trusting.orElseGet(this::usual), settings);
    RegistryAddress address =
        trusting.isPresent()
            ? RegistryAddress.secure(domain)
            : RegistryAddress.of(domain, settings.insecure());
    TokenEndpoint tokens = new TokenEndpoint(http, address, settings.userAgent());
    return new RegistryTransport(http, address, new RegistryAuthorization(credentials, tokens));
  }

  /** The client for a registry with certificates of its own; another one when they change. */
  private Optional<HttpClient> trusting(String domain) {
    Optional<RegistryTrust> trust = RegistryTrust.find(domain, settings);
    return trust.map(found ->
        special
            .compute(
                domain,
                (key, old) -> {
                  if (old != null && old.trust().equals(found)) {
                    return old;
                  }
                  if (old != null) {
                    old.client().shutdown();
                  }
                  return new Special(found, builder().sslContext(found.context(domain)).build());
                })
            .client());
  }

  /** Ends all transfers and connections. */
  @Override
  public void close() {
    special.values().forEach(s -> s.client().shutdownNow());
    closeUsual();
    special.values().forEach(s -> s.client().close());
    executor.shutdownNow();
  }

  private synchronized void closeUsual() {
    closed = true;
    if (usual != null) {
      usual.shutdownNow();
      usual.close();
    }
  }
}
