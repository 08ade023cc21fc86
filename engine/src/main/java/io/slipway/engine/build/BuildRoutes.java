package io.slipway.engine.build;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.slipway.builder.Build;
import io.slipway.builder.BuildResult;
import io.slipway.builder.LocalBuilder;
import io.slipway.builder.error.DockerfileException;
import io.slipway.builder.error.StepFailedException;
import io.slipway.builder.frontend.BaseImages;
import io.slipway.builder.progress.BuildListener;
import io.slipway.builder.progress.PlainText;
import io.slipway.engine.http.ProgressStream;
import io.slipway.engine.http.Reply;
import io.slipway.engine.http.Request;
import io.slipway.engine.http.Route;
import io.slipway.engine.image.ImageTransfers;
import io.slipway.engine.image.LayoutImages;
import io.slipway.engine.image.StoredImages;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Descriptor;
import io.slipway.image.name.Reference;
import io.slipway.image.remote.CredentialSource;
import io.slipway.image.remote.RegistryAuthHeader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** {@code /build}. */
public final class BuildRoutes {
  private static final int SHORT_ID = 12;
  private static final String SESSION = "buildsession";

  private final LocalBuilder builder;
  private final StoredImages images;
  private final ImageTransfers transfers;
  private final LayoutImages layouts;
  private final BuildSessions sessions;
  private final Map<String, Build> running = new ConcurrentHashMap<>();

  public BuildRoutes(
      LocalBuilder builder,
      BuildSessions sessions,
      StoredImages images,
      ImageTransfers transfers,
      LayoutImages layouts) {
    this.sessions = sessions;
    this.layouts = layouts;
    this.builder = builder;
    this.images = images;
    this.transfers = transfers;
  }

  public List<Route> routes() {
    var routes =
        new ArrayList<>(
            List.of(Route.post("/build", this::build), Route.post("/build/cancel", this::cancel)));
    routes.addAll(sessions.routes());
    return routes;
  }

  /** How a client wants to be told. */
  private enum View {
    CLASSIC,
    QUIET,
    PLAIN,
    EVENTS;

    static View of(Request request) {
      String progress = request.query().text("progress");
      return switch (progress) {
        case "" -> request.query().flag("q") ? QUIET : CLASSIC;
        case "plain" -> PLAIN;
        case "rawjson" -> EVENTS;
        default -> throw SlipwayException.invalid("invalid progress \"" + progress + "\"");
      };
    }

    /** Whether a client of this view shows Dockerfile lines; docker's takes one line. */
    boolean quotesLines() {
      return this == PLAIN || this == EVENTS;
    }

    BuildListener listener(Request request, ProgressStream progress) {
      boolean explain = request.query().flag("explain");
      return switch (this) {
        case CLASSIC -> new ClassicProgress(text -> send(() -> progress.stream(text)));
        case PLAIN -> new PlainText(text -> send(() -> progress.stream(text)), explain);
        case EVENTS -> new EventProgress(line -> send(() -> progress.event(line)));
        case QUIET -> BuildListener.SILENT;
      };
    }
  }

  @FunctionalInterface
  private interface Sending {
    void send() throws IOException;
  }

  /** A client that is gone ends the build through the request's cancellation. */
  private static void send(Sending sending) {
    try {
      sending.send();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Reply build(Request request) throws IOException {
    View view = View.of(request);
    String config = request.headers().first("X-Registry-Config").orElse("");
    CredentialSource who = RegistryAuthHeader.parseConfig(config);
    boolean pull = request.query().flag("pull");
    BaseImages bases = new EngineBaseImages(images, transfers, layouts, pull, who);
    String session = request.query().text(SESSION);
    String call = request.query().text("call");
    if (!call.isEmpty() && !call.equals("build")) {
      return call(call, request, bases, who);
    }
    boolean running = false;
    try {
      Build build =
          builder
              .with(bases, new EngineRegistries(transfers, who))
              .open(BuildQuery.read(request, sessions.claim(session), who));
      running = true;
      return Reply.progress(progress -> run(build, view, request, progress));
    } catch (DockerfileException e) {
      if (!view.quotesLines()) {
        throw e;
      }
      return Reply.progress(
          progress -> refuse(e, new ToldFailure(view.listener(request, progress)), progress));
    } finally {
      if (!running) {
        sessions.end(session);
      }
    }
  }

  /** Looks at the Dockerfile and builds nothing. */
  private Reply call(String call, Request request, BaseImages bases, CredentialSource who)
      throws IOException {
    String session = request.query().text(SESSION);
    try (var inspection =
        builder.inspect(BuildQuery.read(request, sessions.claim(session), who), bases)) {
      return Reply.json(BuildCalls.answer(call, inspection, request.query().flag("strict")));
    } finally {
      sessions.end(session);
    }
  }

  private static void refuse(
      DockerfileException failure, ToldFailure listener, ProgressStream progress)
      throws IOException {
    listener.tell(failure);
    progress.error(1, failure.getMessage());
  }

  private void run(Build build, View view, Request request, ProgressStream progress)
      throws IOException {
    String id = request.query().text("buildid");
    request.cancellation().onCancel(build::cancel);
    ToldFailure listener = new ToldFailure(view.listener(request, progress));
    try (build) {
      if (!id.isEmpty()) {
        running.put(id, build);
      }
      tell(build.run(listener), view, progress);
    } catch (StepFailedException e) {
      boolean classic = view == View.CLASSIC || view == View.QUIET;
      String message = classic ? e.classicMessage() : e.getMessage();
      if (view == View.QUIET) {
        progress.stream(e.logTail());
      }
      if (view.quotesLines() && e.kept().isPresent()) {
        progress.aux(new Kept(e.kept().get()));
      }
      progress.error(e.exitCode(), message);
    } catch (DockerfileException e) {
      refuse(e, listener, progress);
    } catch (SlipwayException e) {
      progress.error(1, e.getMessage());
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      running.remove(id);
      sessions.end(request.query().text(SESSION));
    }
  }

  /** The id that programs read from the stream. */
  record ImageId(@JsonProperty("ID") String id) {}

  /** The failed step, to be entered. */
  record Kept(@JsonProperty("failedStep") String failedStep) {}

  /** What was packed, for {@code --metadata-file}. */
  record Made(
      @JsonProperty("digest") String digest,
      @JsonProperty("mediaType") String mediaType,
      @JsonProperty("size") long size) {}

  private static void tell(BuildResult result, View view, ProgressStream progress)
      throws IOException {
    if (result.manifest().isPresent()) {
      Descriptor made = result.manifest().get();
      progress.aux(new Made(made.digest().toString(), made.mediaType(), made.size()));
    }
    if (result.imageId().isEmpty()) {
      return;
    }
    String id = result.imageId().get().toString();
    progress.aux(new ImageId(id));
    if (view == View.QUIET) {
      progress.stream(id + "\n");
    } else if (view == View.CLASSIC) {
      String hex = id.substring(id.indexOf(':') + 1);
      progress.stream("Successfully built " + hex.substring(0, SHORT_ID) + "\n");
      for (Reference tag : result.tags()) {
        progress.stream("Successfully tagged " + tag.familiar() + "\n");
      }
    }
  }

  private Reply cancel(Request request) {
    Build build = running.get(request.query().text("id"));
    if (build != null) {
      build.cancel();
    }
    return Reply.empty(200);
  }
}
