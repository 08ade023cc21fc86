package io.slipway.engine.container;

import io.slipway.engine.http.Cancellation;
import io.slipway.engine.http.Reply;
import io.slipway.engine.http.Request;
import io.slipway.engine.http.Route;
import io.slipway.engine.model.Json;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.cgroup.CgroupMode;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code /containers/{id}/stats}: one measurement, or one each second. */
final class StatsRoutes {
  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final ContainerIndex index;
  private final StatsSampler sampler;

  StatsRoutes(ContainerIndex index, Clock clock, CgroupMode cgroups) {
    this.index = index;
    this.sampler = new StatsSampler(clock, cgroups);
  }

  List<Route> routes() {
    return List.of(Route.get("/containers/{id}/stats", this::stats));
  }

  private Reply stats(Request request) throws IOException, InterruptedException {
    Container container = index.get(request.parameter("id"));
    request.cancellation().onCancel(container::wake);
    boolean oneShot = request.query().flag("one-shot");
    if (request.query().flag("stream", true)) {
      if (oneShot) {
        throw SlipwayException.invalid("cannot have stream=true and one-shot=true");
      }
      return Reply.stream(Reply.JSON, out -> stream(container, request.cancellation(), out));
    }
    StatsJson first = sampler.sample(container);
    if (oneShot || container.run().isEmpty()) {
      return Reply.json(first);
    }
    pause(container, request.cancellation());
    return Reply.json(sampler.sample(container).after(first));
  }

  private void stream(Container container, Cancellation cancellation, OutputStream out)
      throws IOException, InterruptedException {
    StatsJson last = sampler.sample(container);
    write(last, out);
    while (pause(container, cancellation)) {
      StatsJson next = sampler.sample(container);
      write(container.run().isEmpty() ? next : next.after(last), out);
      last = next;
    }
  }

  private static void write(StatsJson stats, OutputStream out) throws IOException {
    out.write(Json.bytes(stats));
    out.write('\n');
    out.flush();
  }

  /** Waits for the next measurement; false when nobody wants it any more. */
  private static boolean pause(Container container, Cancellation cancellation)
      throws InterruptedException {
    container.await(() -> cancellation.isCancelled() || container.isRemoved(), INTERVAL_NANOS);
    return !cancellation.isCancelled() && !container.isRemoved();
  }
}
