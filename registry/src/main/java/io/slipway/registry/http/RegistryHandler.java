package io.slipway.registry.http;

import io.slipway.registry.auth.AccessControl;
import io.slipway.registry.auth.AccessRequest;
import io.slipway.registry.auth.Authorizer;
import io.slipway.registry.auth.Decision;
import io.slipway.registry.config.Action;
import io.slipway.registry.mirror.Mirrors;
import io.slipway.registry.store.RegistryFault;
import io.slipway.registry.store.RegistryStore;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;

/** Every request on its way: match, limit, authorize, answer from memory or on a worker, write. */
final class RegistryHandler implements Handler<HttpServerRequest> {
  private static final byte[] EMPTY_OBJECT = {'{', '}'};
  private static final int UNAUTHORIZED = 401;
  private static final Set<HttpMethod> WITH_BODY =
      Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH);

  private final RequestDeadline deadline;
  private final MirrorRoutes mirrored;
  private final Authorizer authorizer;
  private final ExecutorService workers;
  private final Reception reception;
  private final AnswerWriter writer;
  private final BlobEndpoint blobs;
  private final ManifestEndpoint manifests;
  private final UploadEndpoint uploads;
  private final ListEndpoint lists;
  private final TokenEndpoint tokens;

  RegistryHandler(
      RegistryStore store,
      Mirrors mirrors,
      AccessControl access,
      ExecutorService workers,
      Reception reception,
      RequestDeadline deadline) {
    this.deadline = deadline;
    this.mirrored = new MirrorRoutes(mirrors);
    this.authorizer = access.authorizer();
    this.workers = workers;
    this.reception = reception;
    this.writer = new AnswerWriter(workers);
    this.blobs = new BlobEndpoint(store.blobs(), mirrors);
    this.manifests = new ManifestEndpoint(store.manifests(), mirrors);
    this.uploads = new UploadEndpoint(store, authorizer);
    this.lists = new ListEndpoint(store.metadata(), store.referrers(), authorizer, mirrors);
    this.tokens = new TokenEndpoint(access.tokens());
  }

  @Override
  public void handle(HttpServerRequest request) {
    Visit visit = reception.visit(request);
    deadline.begun(request.connection());
    Context context = Vertx.currentContext();
    RequestBody body =
        WITH_BODY.contains(request.method())
            ? new RequestBody(request, context, deadline.patience())
            : null;
    try {
      Route route =
          mirrored.resolve(
              RouteMatcher.match(request.path() == null ? "" : request.path()), request);
      visit.goesTo(route);
      Optional<Answer> refusal = refusal(request, route, visit);
      if (refusal.isPresent()) {
        write(visit, body, refusal.get());
        return;
      }
      Exchange exchange = new Exchange(request, access(request, route), body);
      Optional<Answer> now = answerNow(exchange, route, visit);
      if (now.isPresent()) {
        write(visit, body, now.get());
        return;
      }
      workers.execute(() -> {
        Answer answer = answer(exchange, route, visit);
        try {
          context.runOnContext(event -> write(visit, body, answer));
        } catch (RejectedExecutionException e) {
          // the server has stopped meanwhile, and its connections with it
          AnswerWriter.release(answer.body());
        }
      });
    } catch (RejectedExecutionException e) {
      request.connection().close();
    } catch (RuntimeException e) {
      write(visit, body, failed(e));
    }
  }

  /** What is refused whoever asks. */
  private Optional<Answer> refusal(HttpServerRequest request, Route route, Visit visit) {
    if (!route.methods().contains(request.method().name())) {
      return Optional.of(ErrorAnswers.methodNotAllowed(route.methods()));
    }
    if (route instanceof Route.Health) {
      return Optional.empty();
    }
    boolean changes =
        !(route instanceof Route.Token)
            && (WITH_BODY.contains(request.method()) || request.method() == HttpMethod.DELETE);
    return reception.refusal(visit, changes);
  }

  /** What can be answered without blocking; empty: a worker has to. */
  private Optional<Answer> answerNow(Exchange exchange, Route route, Visit visit) {
    switch (route) {
      case Route.Health health -> {
        return health.ready() ? Optional.empty() : Optional.of(reception.alive());
      }
      case Route.Token token -> {
        return Optional.empty();
      }
      case Route.TokenKeys keys -> {
        return Optional.of(tokens.keys());
      }
      default -> {}
    }
    Optional<Decision> decision = authorizer.decideNow(exchange.access());
    if (decision.isEmpty()) {
      return Optional.empty();
    }
    Optional<Answer> refusal = refusal(decision.get(), visit);
    if (refusal.isPresent()) {
      return refusal;
    }
    return switch (route) {
      case Route.ApiVersion version -> Optional.of(Answer.of(200).json(EMPTY_OBJECT));
      case Route.Manifest manifest -> manifests.answerNow(exchange, manifest);
      case Route.Blob blob -> blobs.answerNow(exchange, blob);
      default -> Optional.empty();
    };
  }

  /** Blocks; never throws. */
  private Answer answer(Exchange exchange, Route route, Visit visit) {
    try {
      return switch (route) {
        case Route.Health health -> reception.ready();
        case Route.Token token -> token(exchange, visit);
        default -> {
          Optional<Answer> refusal = authorize(exchange, visit);
          yield refusal.isPresent() ? refusal.get() : dispatch(exchange, route);
        }
      };
    } catch (IOException e) {
      // only the client's side of the connection fails this way, so nobody reads this answer
      return ErrorAnswers.of(e);
    } catch (RuntimeException e) {
      return failed(e);
    }
  }

  private Optional<Answer> authorize(Exchange exchange, Visit visit) {
    if (!visit.user().isEmpty()) {
      // answerNow had the decision
      return Optional.empty();
    }
    Optional<Answer> tooMany =
        authorizer.remembers(exchange.access()) ? Optional.empty() : reception.refuseLogin(visit);
    if (tooMany.isPresent()) {
      return tooMany;
    }
    return refusal(authorizer.decide(exchange.access()), visit);
  }

  private Answer token(Exchange exchange, Visit visit) throws IOException {
    Optional<Answer> tooMany = reception.refuseLogin(visit);
    if (tooMany.isPresent()) {
      return tooMany.get();
    }
    try {
      TokenEndpoint.Issued issued = tokens.issue(exchange);
      visit.isOf(issued.user());
      visit.note(issued.scope());
      return issued.answer();
    } catch (RegistryFault e) {
      if (e.status() == UNAUTHORIZED) {
        reception.failedLogin(visit);
      }
      throw e;
    }
  }

  private Answer dispatch(Exchange exchange, Route route) throws IOException {
    return switch (route) {
      case Route.ApiVersion version -> Answer.of(200).json(EMPTY_OBJECT);
      case Route.Catalog catalog -> lists.catalog(exchange);
      case Route.Extensions extensions -> ListEndpoint.extensions(extensions);
      case Route.Blob blob -> blobs.answer(exchange, blob);
      case Route.Manifest manifest -> manifests.answer(exchange, manifest);
      case Route.Uploads start -> uploads.start(exchange, start);
      case Route.Upload upload -> uploads.answer(exchange, upload);
      case Route.TagList tags -> lists.tags(exchange, tags);
      case Route.Referrers referrers -> lists.referrers(exchange, referrers);
      case Route.Health health -> reception.ready();
      case Route.Token token -> tokens.issue(exchange).answer();
      case Route.TokenKeys keys -> tokens.keys();
    };
  }

  private Answer failed(RuntimeException failure) {
    if (ErrorAnswers.isInternal(failure)) {
      reception.failure(failure);
    }
    return ErrorAnswers.of(failure);
  }

  private Optional<Answer> refusal(Decision decision, Visit visit) {
    return switch (decision) {
      case Decision.Granted granted -> {
        visit.isOf(granted.user());
        yield reception.refuseUser(visit);
      }
      case Decision.Challenged challenged -> {
        if (challenged.failed()) {
          reception.failedLogin(visit);
        }
        yield Optional.of(ErrorAnswers.challenge(challenged));
      }
      case Decision.Denied denied -> {
        visit.isOf(denied.user());
        yield Optional.of(ErrorAnswers.denied(denied));
      }
    };
  }

  private void write(Visit visit, RequestBody body, Answer answer) {
    HttpServerRequest request = visit.request();
    boolean close = body != null && body.discardRest();
    long length = request.method() == HttpMethod.HEAD ? 0 : answer.body().length();
    int status = answer.status();
    writer
        .write(request, answer, close)
        .onComplete(sent -> {
          reception.ended(visit, status, length, sent.succeeded());
          deadline.ended(request.connection());
          if (close) {
            // Vert.x would wait for the rest of the body first
            request.connection().close();
          }
        });
  }

  private AccessRequest access(HttpServerRequest request, Route route) {
    String authorization = request.getHeader(Headers.AUTHORIZATION);
    return new AccessRequest(
        authorization == null ? "" : authorization,
        reception.certificateUser(request),
        () -> reception.origin(request),
        route.repositoryName(),
        actions(request, route));
  }

  /** Every request about an upload, its cancelling too, is part of a push. */
  private static Set<Action> actions(HttpServerRequest request, Route route) {
    if (route instanceof Route.Catalog) {
      return Set.of(Action.PULL);
    }
    if (route.repositoryName().isEmpty()) {
      return Set.of();
    }
    if (route instanceof Route.Uploads
        || route instanceof Route.Upload
        || WITH_BODY.contains(request.method())) {
      return Set.of(Action.PULL, Action.PUSH);
    }
    return Set.of(request.method() == HttpMethod.DELETE ? Action.DELETE : Action.PULL);
  }
}
