package io.slipway.registry.http;

import io.slipway.registry.auth.AccessRequest;
import io.slipway.registry.auth.Action;
import io.slipway.registry.auth.Authorizer;
import io.slipway.registry.auth.Decision;
import io.slipway.registry.mirror.Mirrors;
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

/** Every request on its way: match, authorize, answer from memory or on a worker, write. */
final class RegistryHandler implements Handler<HttpServerRequest> {
  private static final byte[] EMPTY_OBJECT = {'{', '}'};
  private static final Set<HttpMethod> WITH_BODY =
      Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH);

  private final RequestDeadline deadline;
  private final MirrorRoutes mirrored;
  private final Authorizer authorizer;
  private final ExecutorService workers;
  private final RequestLog log;
  private final AnswerWriter writer;
  private final BlobEndpoint blobs;
  private final ManifestEndpoint manifests;
  private final UploadEndpoint uploads;
  private final ListEndpoint lists;

  RegistryHandler(
      RegistryStore store,
      Mirrors mirrors,
      Authorizer authorizer,
      ExecutorService workers,
      RequestLog log,
      RequestDeadline deadline) {
    this.deadline = deadline;
    this.mirrored = new MirrorRoutes(mirrors);
    this.authorizer = authorizer;
    this.workers = workers;
    this.log = log;
    this.writer = new AnswerWriter(workers);
    this.blobs = new BlobEndpoint(store.blobs(), mirrors);
    this.manifests = new ManifestEndpoint(store.manifests(), mirrors);
    this.uploads = new UploadEndpoint(store, authorizer);
    this.lists = new ListEndpoint(store.metadata(), store.referrers(), authorizer, mirrors);
  }

  @Override
  public void handle(HttpServerRequest request) {
    long started = System.nanoTime();
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
      if (!route.methods().contains(request.method().name())) {
        write(request, body, ErrorAnswers.methodNotAllowed(route.methods()), started);
        return;
      }
      Exchange exchange = new Exchange(request, access(request, route), body);
      Optional<Answer> now = answerNow(exchange, route);
      if (now.isPresent()) {
        write(request, body, now.get(), started);
        return;
      }
      workers.execute(() -> {
        Answer answer = answer(exchange, route);
        try {
          context.runOnContext(event -> write(request, body, answer, started));
        } catch (RejectedExecutionException e) {
          // the server has stopped meanwhile, and its connections with it
          AnswerWriter.release(answer.body());
        }
      });
    } catch (RejectedExecutionException e) {
      request.connection().close();
    } catch (RuntimeException e) {
      write(request, body, failed(e), started);
    }
  }

  /** What can be answered without blocking; empty: a worker has to. */
  private Optional<Answer> answerNow(Exchange exchange, Route route) {
    Optional<Decision> decision = authorizer.decideNow(exchange.access());
    if (decision.isEmpty()) {
      return Optional.empty();
    }
    Optional<Answer> refusal = refusal(decision.get());
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
  private Answer answer(Exchange exchange, Route route) {
    try {
      Optional<Answer> refusal = refusal(authorizer.decide(exchange.access()));
      return refusal.isPresent() ? refusal.get() : dispatch(exchange, route);
    } catch (IOException e) {
      // only the client's side of the connection fails this way, so nobody reads this answer
      return ErrorAnswers.of(e);
    } catch (RuntimeException e) {
      return failed(e);
    }
  }

  private Answer dispatch(Exchange exchange, Route route) throws IOException {
    return switch (route) {
      case Route.ApiVersion version -> Answer.of(200).json(EMPTY_OBJECT);
      case Route.Catalog catalog -> lists.catalog(exchange);
      case Route.Blob blob -> blobs.answer(exchange, blob);
      case Route.Manifest manifest -> manifests.answer(exchange, manifest);
      case Route.Uploads start -> uploads.start(exchange, start);
      case Route.Upload upload -> uploads.answer(exchange, upload);
      case Route.TagList tags -> lists.tags(exchange, tags);
      case Route.Referrers referrers -> lists.referrers(exchange, referrers);
    };
  }

  private Answer failed(RuntimeException failure) {
    if (ErrorAnswers.isInternal(failure)) {
      log.failure(failure);
    }
    return ErrorAnswers.of(failure);
  }

  private static Optional<Answer> refusal(Decision decision) {
    return switch (decision) {
      case Decision.Granted granted -> Optional.empty();
      case Decision.Challenged challenged -> Optional.of(ErrorAnswers.challenge(challenged));
      case Decision.Denied denied -> Optional.of(ErrorAnswers.denied(denied));
    };
  }

  private void write(HttpServerRequest request, RequestBody body, Answer answer, long started) {
    boolean close = body != null && body.discardRest();
    long length = request.method() == HttpMethod.HEAD ? 0 : answer.body().length();
    int status = answer.status();
    writer
        .write(request, answer, close)
        .onComplete(sent -> {
          log.request(request, status, length, started, sent.succeeded());
          deadline.ended(request.connection());
          if (close) {
            // Vert.x would wait for the rest of the body first
            request.connection().close();
          }
        });
  }

  private static AccessRequest access(HttpServerRequest request, Route route) {
    String authorization = request.getHeader(Headers.AUTHORIZATION);
    return new AccessRequest(
        authorization == null ? "" : authorization,
        route.repositoryName(),
        actions(request, route));
  }

  /** Every request about an upload, its cancelling too, is part of a push. */
  private static Set<Action> actions(HttpServerRequest request, Route route) {
    if (route instanceof Route.ApiVersion) {
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
