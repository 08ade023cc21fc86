package io.slipway.engine.container;

import io.slipway.engine.http.Cancellation;
import io.slipway.engine.http.HijackedStream;
import io.slipway.engine.http.Query;
import io.slipway.engine.http.Reply;
import io.slipway.engine.http.Request;
import io.slipway.engine.http.Route;
import io.slipway.engine.model.ContainerStatus;
import io.slipway.engine.model.Json;
import io.slipway.engine.state.ContainerState;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** {@code /containers}, as far as answers last: attach, logs, wait. */
final class ContainerStreamRoutes {
  private static final System.Logger LOG = System.getLogger("io.slipway.engine.container");
  private static final int LOG_BUFFER = 32 << 10;

  private final ContainerService service;

  ContainerStreamRoutes(ContainerService service) {
    this.service = service;
  }

  List<Route> routes() {
    return List.of(
        Route.post("/containers/{id}/attach", this::attach),
        Route.get("/containers/{id}/attach/ws", this::attachSocket),
        Route.get("/containers/{id}/logs", this::logs),
        Route.post("/containers/{id}/wait", this::await));
  }

  private Container container(Request request) {
    return service.index().get(request.parameter("id"));
  }

  private Reply attach(Request request) {
    Container container = attachable(request);
    boolean tty = container.record().config().tty();
    Wish wish = Wish.of(request.query(), tty);
    return Reply.hijack(
        ProcessStreams.contentType(request, tty),
        stream -> attached(container, wish, new StreamFrames(stream.output(), !tty), stream));
  }

  private Container attachable(Request request) {
    Container container = container(request);
    if (container.state().status() == ContainerStatus.PAUSED) {
      throw new SlipwayException(
          ErrorKind.CONFLICT,
          "container "
              + request.parameter("id")
              + " is paused, unpause the container before attach");
    }
    return container;
  }

  /** The streams that a client wants. */
  private record Wish(
      boolean stdin,
      boolean stdout,
      boolean stderr,
      boolean live,
      boolean logs,
      DetachWish detach) {
    static Wish of(Query query, boolean terminal) {
      return new Wish(
          query.flag("stdin"),
          query.flag("stdout"),
          query.flag("stderr"),
          query.flag("stream"),
          query.flag("logs"),
          DetachWish.of(query.text("detachKeys"), terminal, "detach"));
    }

    Wish withAllStreams() {
      return new Wish(true, true, true, live, logs, detach);
    }
  }

  /** Both outputs come as they are; before 1.42 a client could not choose between the streams. */
  private Reply attachSocket(Request request) {
    Container container = attachable(request);
    Wish asked = Wish.of(request.query(), container.record().config().tty());
    Wish wish = request.version().atLeast(42) ? asked : asked.withAllStreams();
    return Reply.webSocket(
        request,
        request.version().atLeast(28),
        stream -> {
          if (!wish.stdin() || !container.record().config().openStdin()) {
            // somebody has to see its close
            Thread.ofVirtual().start(() -> drop(stream));
          }
          attached(container, wish, new StreamFrames(stream.output(), false), stream);
        });
  }

  private static void drop(HijackedStream stream) {
    try {
      stream.input().transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, () -> "client of an attached container is gone: " + e);
    }
  }

  private void attached(Container container, Wish wish, StreamFrames frames, HijackedStream stream)
      throws IOException, InterruptedException {
    boolean stdout = wish.stdout();
    boolean stderr = wish.stderr();
    boolean live = wish.live();
    try (ContainerStreams.Client client =
        container.streams().attach(live && stdout, live && stderr, frames)) {
      service.events().publish("attach", container.record());
      if (wish.logs() && (stdout || stderr)) {
        replay(container, stdout, stderr, frames, stream.closed());
      }
      if (!live) {
        return;
      }
      stream.closed().onCancel(client::close);
      if (wish.stdin() && container.record().config().openStdin()) {
        client.copyInput(stream.input(), wish.detach());
      }
      if (stdout || stderr || wish.stdin()) {
        client.awaitEnd();
      }
      if (client.isDetached()) {
        service.events().publish("detach", container.record());
      }
    }
  }

  private static void replay(
      Container container,
      boolean stdout,
      boolean stderr,
      StreamFrames frames,
      Cancellation cancellation)
      throws IOException, InterruptedException {
    LogQuery all =
        new LogQuery(
            stdout,
            stderr,
            false,
            false,
            false,
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty());
    new LogReader(container.log(), all, frames).run(cancellation);
  }

  private Reply logs(Request request) {
    LogQuery query = LogQuery.parse(request.query());
    Container container = container(request);
    if (container.record().hostConfig().logConfig().type().equals("none")) {
      throw new SlipwayException(
          ErrorKind.UNSUPPORTED, "configured logging driver does not support reading");
    }
    boolean tty = container.record().config().tty();
    return Reply.stream(
        ProcessStreams.contentType(request, tty),
        out -> {
          OutputStream buffered = new BufferedOutputStream(out, LOG_BUFFER);
          new LogReader(container.log(), query, new StreamFrames(buffered, !tty))
              .run(request.cancellation());
          buffered.flush();
        });
  }

  /** How a container ended; why it did not start was the answer to the start. */
  private record WaitJson(int statusCode) {}

  private Reply await(Request request) {
    ContainerWait.Condition condition =
        ContainerWait.Condition.parse(request.query().text("condition"));
    Container container = container(request);
    int exits = container.exits();
    return Reply.stream(
        Reply.JSON,
        out -> {
          Optional<ContainerState> ended =
              ContainerWait.await(container, condition, exits, request.cancellation());
          if (ended.isPresent()) {
            out.write(Json.bytes(new WaitJson(ended.get().exitCode())));
          }
        });
  }
}
