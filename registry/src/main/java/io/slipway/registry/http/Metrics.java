package io.slipway.registry.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Counts and times requests, and shows them with the JVM's own figures to Prometheus. */
final class Metrics implements VisitListener, AutoCloseable {
  private static final Duration[] STEPS = {
    Duration.ofMillis(1), Duration.ofMillis(10), Duration.ofMillis(100), Duration.ofSeconds(1)
  };

  /** What a series is told apart by. */
  private record Kind(String method, String route, int status) {}

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final ConcurrentHashMap<Kind, Timer> timers = new ConcurrentHashMap<>();
  private final Counter sent =
      Counter.builder("slipway.registry.sent.bytes")
          .description("Bytes of answers' bodies")
          .register(registry);
  private final Counter failedLogins =
      Counter.builder("slipway.registry.failed.logins")
          .description("Requests with wrong passwords or tokens")
          .register(registry);
  private final JvmGcMetrics collections = new JvmGcMetrics();

  Metrics() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
  }

  @Override
  public void ended(Visit visit, int status, long bytes, boolean complete) {
    String route = visit.route().map(r -> r.getClass().getSimpleName()).orElse("None");
    Kind kind = new Kind(method(visit), route, status);
    timers
        .computeIfAbsent(kind, this::timer)
        .record(System.nanoTime() - visit.started(), TimeUnit.NANOSECONDS);
    sent.increment(bytes);
    if (visit.failedLogin()) {
      failedLogins.increment();
    }
  }

  /** Clients can make up methods, but no series with them. */
  private static String method(Visit visit) {
    String name = visit.request().method().name();
    return switch (name) {
      case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE" -> name;
      default -> "other";
    };
  }

  private Timer timer(Kind kind) {
    return Timer.builder("slipway.registry.requests")
        .description("Requests by method, what they ask for and status")
        .tag("method", kind.method())
        .tag("route", kind.route())
        .tag("status", Integer.toString(kind.status()))
        .serviceLevelObjectives(STEPS)
        .register(registry);
  }

  /** Everything in Prometheus' text format. */
  byte[] scrape() {
    return registry.scrape().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
