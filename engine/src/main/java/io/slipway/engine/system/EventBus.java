package io.slipway.engine.system;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Tells subscribers what happens, and keeps the last events for those who ask later. */
public final class EventBus {
  /** As many as Docker keeps. */
  private static final int KEPT = 256;

  private static final int SUBSCRIBER_QUEUE = 4096;

  private final Clock clock;
  private final Deque<Event> recent = new ArrayDeque<>();
  private final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();
  private Instant last = Instant.MIN;

  public EventBus(Clock clock) {
    this.clock = clock;
  }

  /** Reports what happened to {@code actorId}. */
  public void publish(String type, String action, String actorId, Map<String, String> attributes) {
    synchronized (this) {
      Instant now = clock.instant();
      // two events never have the same time, so that "since" can tell them apart
      last = now.isAfter(last) ? now : last.plusNanos(1);
      Event event = new Event(type, action, actorId, attributes, last);
      recent.addLast(event);
      if (recent.size() > KEPT) {
        recent.removeFirst();
      }
      subscriptions.forEach(subscription -> subscription.offer(event));
    }
  }

  /** Events from now on, with the kept ones at or after {@code since} first. */
  public Subscription subscribe(Optional<Instant> since) {
    synchronized (this) {
      List<Event> missed = new ArrayList<>();
      since.ifPresent(
          from -> recent.stream().filter(e -> !e.at().isBefore(from)).forEach(missed::add));
      Subscription subscription = new Subscription(missed);
      subscriptions.add(subscription);
      return subscription;
    }
  }

  /** How many listen, for {@code docker info}. */
  public int subscribers() {
    return subscriptions.size();
  }

  /** One listener's queue. */
  public final class Subscription implements AutoCloseable {
    private final BlockingQueue<Event> queue = new LinkedBlockingQueue<>(SUBSCRIBER_QUEUE);
    private volatile boolean overrun;

    private Subscription(List<Event> missed) {
      queue.addAll(missed);
    }

    private void offer(Event event) {
      if (!queue.offer(event)) {
        overrun = true;
      }
    }

    /**
     * The next event, or empty after {@code limit}.
     *
     * @throws IllegalStateException when events were lost because nobody took them
     */
    public Optional<Event> next(long limitMillis) throws InterruptedException {
      Event event = queue.poll(limitMillis, TimeUnit.MILLISECONDS);
      if (event == null && overrun) {
        throw new IllegalStateException("events were lost: the client reads too slowly");
      }
      return Optional.ofNullable(event);
    }

    @Override
    public void close() {
      subscriptions.remove(this);
    }
  }
}
