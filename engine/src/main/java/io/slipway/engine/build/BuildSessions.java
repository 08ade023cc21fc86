package io.slipway.engine.build;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.slipway.builder.session.CallerSecrets;
import io.slipway.engine.http.Reply;
import io.slipway.engine.http.Request;
import io.slipway.engine.http.Route;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * {@code /build/session}: our own addition to Docker's API. A client opens a session, names it in
 * its build request ({@code buildsession}), and fetches the outputs that the build streams. Values
 * stay in memory, for one build, and are forgotten if no build asks for them.
 */
public final class BuildSessions {
  private static final Duration UNCLAIMED = Duration.ofMinutes(2);
  private static final int MAX_OUTPUTS = 100;

  private final Map<String, Open> sessions = new TreeMap<>();

  private record Open(BuildSession session, Instant since, boolean claimed) {}

  /** A secret; the value is base64 in JSON. */
  record Secret(@JsonProperty("id") String id, @JsonProperty("value") byte[] value) {}

  /** An SSH agent's socket on this machine. */
  record Agent(@JsonProperty("id") String id, @JsonProperty("socket") String socket) {}

  /** What a client opens a session with. */
  record Opening(
      @JsonProperty("secrets") List<Secret> secrets,
      @JsonProperty("ssh") List<Agent> ssh,
      @JsonProperty("dockerfile") String dockerfile,
      @JsonProperty("outputs") int outputs) {
    Opening {
      secrets = secrets == null ? List.of() : List.copyOf(secrets);
      ssh = ssh == null ? List.of() : List.copyOf(ssh);
    }
  }

  /** The name of a session. */
  record Opened(@JsonProperty("ID") String id) {}

  List<Route> routes() {
    return List.of(
        Route.post("/build/session", this::open),
        Route.get("/build/session/{id}/output/{number}", this::output));
  }

  private Reply open(Request request) throws IOException {
    Opening opening = request.json(Opening.class);
    if (opening.outputs() < 0 || opening.outputs() > MAX_OUTPUTS) {
      throw SlipwayException.invalid("a build has at most " + MAX_OUTPUTS + " outputs");
    }
    Map<String, byte[]> values = new TreeMap<>();
    opening.secrets().forEach(secret -> values.put(secret.id(), secret.value()));
    Map<String, Path> agents = new TreeMap<>();
    opening.ssh().forEach(agent -> agents.put(agent.id(), Path.of(agent.socket())));
    var session =
        new BuildSession(
            new CallerSecrets(values, agents),
            Optional.ofNullable(opening.dockerfile()),
            opening.outputs());
    return Reply.json(new Opened(add(session)));
  }

  private synchronized String add(BuildSession session) {
    Instant oldest = Instant.now().minus(UNCLAIMED);
    sessions
        .values()
        .removeIf(open -> {
          boolean forgotten = !open.claimed() && open.since().isBefore(oldest);
          if (forgotten) {
            open.session().end();
          }
          return forgotten;
        });
    String id = UUID.randomUUID().toString();
    sessions.put(id, new Open(session, Instant.now(), false));
    return id;
  }

  /** The session a build names; from then on it is that build's. */
  synchronized BuildSession claim(String id) {
    if (id.isEmpty()) {
      return new BuildSession(CallerSecrets.NONE, Optional.empty(), 0);
    }
    Open open = sessions.get(id);
    if (open == null || open.claimed()) {
      throw SlipwayException.notFound("no build session " + id);
    }
    sessions.put(id, new Open(open.session(), open.since(), true));
    return open.session();
  }

  /** Forgets a session. */
  synchronized void end(String id) {
    Open open = sessions.remove(id);
    if (open != null) {
      open.session().end();
    }
  }

  private synchronized BuildSession find(String id) {
    Open open = sessions.get(id);
    if (open == null) {
      throw SlipwayException.notFound("no build session " + id);
    }
    return open.session();
  }

  private Reply output(Request request) {
    BuildSession session = find(request.parameter("id"));
    String number = request.parameter("number");
    if (!number.matches("[0-9]{1,3}")) {
      throw SlipwayException.invalid("invalid output number: " + number);
    }
    int output = Integer.parseInt(number);
    return Reply.lazyStream("application/octet-stream", out -> session.carry(output, out));
  }
}
