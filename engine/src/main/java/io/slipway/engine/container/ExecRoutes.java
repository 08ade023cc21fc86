package io.slipway.engine.container;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.slipway.engine.http.Reply;
import io.slipway.engine.http.Request;
import io.slipway.engine.http.Route;
import java.io.IOException;
import java.util.List;

/** {@code /containers/{id}/exec} and {@code /exec}. */
final class ExecRoutes {
  private final ExecService service;

  ExecRoutes(ExecService service) {
    this.service = service;
  }

  List<Route> routes() {
    return List.of(
        Route.post("/containers/{id}/exec", this::create),
        Route.post("/exec/{id}/start", this::start),
        Route.post("/exec/{id}/resize", this::resize),
        Route.get("/exec/{id}/json", this::inspect));
  }

  private record CreatedJson(String id) {}

  private record StartRequest(boolean detach, boolean tty) {}

  /** {@code docker inspect} of an exec. */
  private record ExecJson(
      @JsonProperty("ID") String id,
      boolean running,
      Integer exitCode,
      ProcessJson processConfig,
      boolean openStdin,
      boolean openStdout,
      boolean openStderr,
      boolean canRemove,
      @JsonProperty("ContainerID") String containerId,
      String detachKeys,
      int pid) {}

  private record ProcessJson(
      @JsonProperty("tty") boolean tty,
      @JsonProperty("entrypoint") String entrypoint,
      @JsonProperty("arguments") List<String> arguments,
      @JsonProperty("privileged") boolean privileged,
      @JsonProperty("user") String user) {}

  private Reply create(Request request) throws IOException {
    ExecService.ExecRequest asked = request.json(ExecService.ExecRequest.class);
    ExecService.Exec exec = service.create(request.parameter("id"), asked);
    return Reply.json(201, new CreatedJson(exec.id()));
  }

  private Reply start(Request request) throws IOException {
    ExecService.Exec exec = service.get(request.parameter("id"));
    boolean detach = request.hasJsonBody() && request.json(StartRequest.class).detach();
    service.claim(exec);
    if (detach) {
      service.runDetached(exec);
      return Reply.empty(200);
    }
    return Reply.hijack(
        ProcessStreams.contentType(request, exec.request().tty()),
        stream -> service.run(exec, stream));
  }

  private Reply resize(Request request) throws IOException {
    service.resize(service.get(request.parameter("id")), ProcessStreams.size(request));
    return Reply.empty(200);
  }

  private Reply inspect(Request request) {
    ExecService.Exec exec = service.get(request.parameter("id"));
    ExecService.ExecRequest asked = exec.request();
    return Reply.json(
        new ExecJson(
            exec.id(),
            exec.running(),
            exec.exitCode(),
            new ProcessJson(
                asked.tty(),
                asked.cmd().getFirst(),
                asked.cmd().subList(1, asked.cmd().size()),
                asked.privileged(),
                asked.user()),
            asked.attachStdin(),
            asked.attachStdout(),
            asked.attachStderr(),
            exec.exitCode() != null,
            exec.container().id(),
            "",
            exec.pid()));
  }
}
